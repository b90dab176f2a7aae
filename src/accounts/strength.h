// How easily a password is guessed, by zxcvbn (Wheeler, USENIX Security 2016), which looks for
// words, names, dates, keyboard walks and repeats, and for what a guesser knows of the person. Owns
// nothing, keeps nothing; its word lists are the library's.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace accounts {

/// zxcvbn's scale, by how many guesses a password takes: fewer than 10^3, 10^6, 10^8, 10^10, and
/// more.
enum class Strength : std::uint8_t {
  too_guessable,
  very_guessable,
  somewhat_guessable,
  safely_unguessable,
  very_unguessable
};

/// How strong `password` is against somebody who knows what is said `about` the person (her name,
/// her address), whole and in words. Takes some milliseconds at most: of a long password only the
/// first 100 bytes are looked at closely.
Strength strength_of(std::string_view password, std::span<const std::string_view> about);

}  // namespace accounts

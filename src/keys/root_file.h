// A root's file as blocks: how one is overwritten for good, how both are exchanged for others in a
// way that no crash can tear, and how the file is destroyed. Owns no file; knows no passphrase.
#pragma once

#include "keys/root_holder.h"

namespace keys {

// A slot has a block of its own, so that writing one can never tear the other.
inline constexpr std::size_t kRootBlockSize = 4096;
inline constexpr std::size_t kRootSlots = 2;

/// Replaces a slot's whole block; returns when the medium holds it and says so.
base::Result<void> replace_root_block(base::File& file, std::size_t slot, base::View block);

/// Gives the file both of these blocks in the place of its own: a crash leaves the old ones or,
/// after finish_exchange(), the new ones. Nothing of the old ones is left on return.
base::Result<void> exchange_root_blocks(base::Disk& disk, const RootFile& where,
                                        const base::SecretBytes& blocks);
/// Ends what a crash has interrupted. Asks for no passphrase: the blocks are ready as they are.
/// Whether there was something to end.
base::Result<bool> finish_exchange(base::Disk& disk, const RootFile& where);

/// What stands in a root's file, as it shows without a passphrase: nothing that is whole, a root,
/// or one that a passphrase wraps.
enum class RootFileHolds : std::uint8_t { nothing, plain, wrapped };
/// Changes nothing, beside whoever has it open. Code::missing where there is no such file.
base::Result<RootFileHolds> look_at_root_file(base::Disk& disk, const RootFile& where);
/// The same of the epoch: the older one where two roots stand plain, nothing where none does.
base::Result<std::optional<std::uint64_t>> look_at_root_epoch(base::Disk& disk,
                                                              const RootFile& where);

/// Overwrites the file and removes it; content where it is not there.
base::Result<void> destroy_root_file(base::Disk& disk, const RootFile& where);

}  // namespace keys

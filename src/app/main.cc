// The program: one binary, one subcommand a task. Reads its arguments, and the file of settings
// that they name; exit codes: 0 done, 1 the answer is no (a notice that is refused, a receipt that
// does not verify), 2 the command itself cannot be carried out.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <functional>

#include "app/account_command.h"
#include "app/backup_command.h"
#include "app/common_options.h"
#include "app/doctor_command.h"
#include "app/holder_command.h"
#include "app/holder_options.h"
#include "app/import_command.h"
#include "app/init_command.h"
#include "app/mail_command.h"
#include "app/outside.h"
#include "app/remote_options.h"
#include "app/restore_command.h"
#include "app/root_command.h"
#include "app/rotate_command.h"
#include "app/serve_command.h"
#include "app/settings_options.h"
#include "app/site_command.h"
#include "app/vault_command.h"
#include "base/child.h"
#include "base/disk.h"
#include "base/process.h"
#include "cli/keys_commands.h"
#include "cli/ledger_commands.h"
#include "cli/notice_commands.h"
#include "cli/verify_commands.h"

namespace {

constexpr int kUsage = 2;

using app::add_data;
using app::add_json;
using app::add_log;
using app::add_notice_file;
using app::add_passphrase;
using app::add_passphrase_change;
using app::add_root_directory;
using app::choose;
using app::Chosen;

void add_mail_test_options(CLI::App* command, std::vector<std::string>& selectors,
                           std::string& resolver) {
  command->add_option("--dkim-selector", selectors,
                      "Selector of a DKIM key, as the mail provider names it (repeatable)");
  command->add_option("--resolver", resolver,
                      "Name server to ask, address and port [the system's]");
}

void add_serve(CLI::App& program, Chosen& chosen) {
  auto options = std::make_shared<app::ServeOptions>();
  CLI::App* serve = program.add_subcommand("serve", "Serve what the notice says");
  app::add_config(*serve, *options);
  app::add_settings(*serve, *options);
  choose(serve, chosen, options, app::serve_command);
}

void add_init(CLI::App& program, Chosen& chosen) {
  CLI::App* init = program.add_subcommand(
      "init", "Set a service up: its directories, its notice, its settings; asks on a terminal");
  init->footer(
      "Writes DATA.notice.yaml and DATA.serve.conf, and overwrites nothing. Exit code: 0 all is "
      "there, 1 something differs or does not hold, 2 something is lacking or cannot be done.");
  auto options = std::make_shared<app::InitOptions>();
  app::InitFacts& facts = options->facts;
  facts.served.listen.clear();
  for (const app::OwnQuestion& question : app::own_questions())
    init->add_option(std::string("--") + question.option.c_str(), facts.own.*question.member,
                     question.asks.c_str());
  init->add_option("--origin", facts.own.origins,
                   "Where the service is: https://HOST (repeatable; the first is the site)");
  init->add_option("--log-origin", facts.own.log_origin,
                   "Name of its public log, for good, such as company.example/log");
  app::add_settings(*init, facts.served);
  init->add_option("--replica", facts.replica, "Host and port of a holder that is to follow");
  init->add_option("--replica-name", facts.replica_name, "What to call it here [replica]");
  init->add_option("--code-file", facts.code_file,
                   "File with the code that `holder pair` printed there, - for standard input");
  init->add_option("--test-mail", options->test_mail,
                   "Address to try a mail to, as mail test does");
  add_mail_test_options(init, options->dkim_selectors, options->resolver);
  choose(init, chosen, options, app::init_command);
}

void add_notice(CLI::App& program, Chosen& chosen) {
  CLI::App* notice = program.add_subcommand("notice", "Check or render a notice file");
  notice->require_subcommand(1);
  auto options = std::make_shared<cli::NoticeOptions>();
  CLI::App* check = notice->add_subcommand("check", "Say what is wrong with a notice, and where");
  check->add_option("FILE", options->file, "The notice file")->required();
  add_json(check, options->json);
  choose(check, chosen, [options] {
    base::RealDisk disk;
    return cli::notice_check(disk, *options);
  });
  CLI::App* render = notice->add_subcommand("render", "Print the notice page as one HTML file");
  render->add_option("FILE", options->file, "The notice file")->required();
  add_json(render, options->json, "Print the notice as JSON instead");
  choose(render, chosen, [options] {
    base::RealDisk disk;
    return cli::notice_render(disk, *options);
  });
}

void add_site(CLI::App& program, Chosen& chosen) {
  CLI::App* site =
      program.add_subcommand("site", "The part of the service that is a site of files");
  site->require_subcommand(1);
  auto options = std::make_shared<app::SiteExportOptions>();
  CLI::App* bundle = site->add_subcommand(
      "export", "Write the application, the notice and the terms as files for another host");
  bundle->footer(
      "Exit code: 0 written, 1 the notice does not allow it or something is in the way, 2 "
      "it cannot be carried out.");
  bundle->add_option("DIR", options->directory, "Where to: a new or an empty directory")
      ->required();
  bundle
      ->add_option("--api-origin", options->api_origin,
                   "Where the server itself is, for all that is not in the files: https://HOST")
      ->required();
  bundle->add_option("--edge", options->edge,
                     "The notice's recipient that delivers the site [the one that it has]");
  add_notice_file(bundle, options->notice);
  add_json(bundle, options->json, "Print the manifest");
  choose(bundle, chosen, options, app::site_export);
}

void add_vault(CLI::App& program, Chosen& chosen) {
  CLI::App* vault = program.add_subcommand("vault", "Look after data at rest");
  vault->require_subcommand(1);
  auto options = std::make_shared<app::VaultOptions>();
  CLI::App* check = vault->add_subcommand(
      "check", "Open every record and read all content, to find damage; nothing may serve it");
  add_data(check, options->data);
  add_root_directory(check, options->root);
  add_notice_file(check, options->notice);
  add_passphrase(check, options->passphrase_file);
  add_json(check, options->json);
  choose(check, chosen, options, app::vault_check);
}

void add_backup(CLI::App& program, Chosen& chosen) {
  CLI::App* backup = program.add_subcommand(
      "backup", "Copy the bulk ciphertext beside a running server; again, to bring it up to date");
  auto options = std::make_shared<app::BackupOptions>();
  backup->add_option("BACKUP", options->backup, "Directory of the backup (made where missing)");
  backup->add_option("--data", options->data, "Directory of all data");
  backup->add_option("--root", options->root, "Directory of the root key, never read [DATA.root]");
  add_json(backup, options->json);
  CLI::App* verify =
      backup->add_subcommand("verify", "Say whether a backup is whole; needs no key");
  auto looked_at = std::make_shared<app::BackupOptions>();
  verify->add_option("BACKUP", looked_at->backup, "Directory of the backup")->required();
  add_json(verify, looked_at->json);
  backup->callback([&chosen, options, looked_at, verify] {
    if (verify->parsed()) {
      chosen = [looked_at] { return app::backup_verify(*looked_at); };
      return;
    }
    if (options->backup.empty()) throw CLI::RequiredError("BACKUP");
    if (options->data.empty()) throw CLI::RequiredError("--data");
    chosen = [options] { return app::backup_command(*options); };
  });
}

void add_restore(CLI::App& program, Chosen& chosen) {
  CLI::App* restore = program.add_subcommand(
      "restore",
      "Put a backup under the live keys and the live log, or under those that another "
      "host keeps; nothing may serve them");
  auto options = std::make_shared<app::RestoreOptions>();
  restore->add_option("BACKUP", options->backup, "Directory of the backup");
  add_data(restore, options->data);
  add_root_directory(restore, options->root);
  restore->add_option("--root-holder", options->root_holder,
                      "Who keeps the root: file, or remote:NAME [as remembered beside the root]");
  add_notice_file(restore, options->notice);
  restore->add_option("--from-holder", options->from_holder,
                      "Take the service over: fetch keys and log from this holder's replica, by "
                      "name or address, into new directories");
  restore->add_option("--checkpoint", options->checkpoint,
                      "The newest checkpoint that anybody has: a file, or the URL of a log");
  restore->add_flag("--accept-lag", options->accept_lag,
                    "Go on although nobody can show that the replica has everything; the log gets "
                    "another origin");
  restore->add_flag("--replace-damaged-store", options->replace_damaged_store,
                    "Where store.db is damaged, move it aside; erasures under way in it are lost");
  restore->add_flag("--drill", options->drill,
                    "Only see whether everything would open, in DATA.drill, which is removed");
  add_passphrase(restore, options->passphrase_file);
  restore->add_flag("--finish", options->finish,
                    "Destroy the keys of those whom the restored backup did not know");
  add_json(restore, options->json);
  choose(restore, chosen, options, app::restore_command);
}

void add_verify(CLI::App& program, Chosen& chosen) {
  auto options = std::make_shared<cli::VerifyOptions>();
  CLI::App* receipt = program.add_subcommand("receipt", "Check an erasure receipt");
  receipt->require_subcommand(1);
  CLI::App* one = receipt->add_subcommand("verify", "Check a receipt against the public log");
  one->add_option("FILE", options->file, "The receipt")->required();
  add_log(one, options->log, options->key);
  add_json(one, options->json);
  choose(one, chosen, options, cli::receipt_verify);
}

void add_ledger(CLI::App& program, Chosen& chosen) {
  auto options = std::make_shared<cli::VerifyOptions>();
  CLI::App* ledger = program.add_subcommand("ledger", "Check the public log");
  ledger->require_subcommand(1);
  CLI::App* all = ledger->add_subcommand("verify", "Recompute the whole log from its entries");
  all->add_option("LOG", options->log, "A URL (https://host/log) or a directory")->required();
  all->add_option("--key", options->key, "The log's verifier key [the served one, unpinned]");
  add_json(all, options->json);
  choose(all, chosen, options, cli::ledger_verify);

  auto entry = std::make_shared<cli::ProveOptions>();
  CLI::App* prove = ledger->add_subcommand("prove", "Print the proof that the log has an entry");
  prove->add_option("INDEX", entry->index, "The entry's index, from 0")->required();
  add_log(prove, entry->log, entry->key);
  add_json(prove, entry->json);
  choose(prove, chosen, entry, cli::ledger_prove);

  auto rotation = std::make_shared<app::RotateOptions>();
  CLI::App* rotate = ledger->add_subcommand(
      "rotate-key",
      "Give the log another signing key and destroy the old one; nothing may serve it");
  add_data(rotate, rotation->data);
  add_root_directory(rotate, rotation->root);
  add_notice_file(rotate, rotation->notice);
  add_passphrase(rotate, rotation->passphrase_file);
  add_json(rotate, rotation->json);
  choose(rotate, chosen, rotation, app::ledger_rotate_key);
}

void add_root(CLI::App* keys, Chosen& chosen) {
  auto options = std::make_shared<app::RootOptions>();
  CLI::App* passphrase = keys->add_subcommand(
      "passphrase",
      "Wrap the root's file and the key to the holders in a passphrase, in another, or no more");
  CLI::App* move =
      keys->add_subcommand("move-root", "Keep the root elsewhere, and destroy it where it was");
  for (CLI::App* command : {passphrase, move}) {
    add_data(command, options->data, "Directory of all data, which nothing serves");
    add_root_directory(command, options->root);
  }
  add_passphrase_change(passphrase, options->old_passphrase_file, options->passphrase_file);
  choose(passphrase, chosen, options, app::keys_passphrase);
  move->add_option("--to", options->to,
                   "file, remote:NAME of a paired holder, or split:A,B of two of these");
  move->add_option("--abandon", options->abandon,
                   "Instead of --to: wait no more for this holder, which is gone for good, to "
                   "clear its copy after a move that was cut short");
  move->add_option("--passphrase-file", options->passphrase_file,
                   "File with the passphrase of the file that is left, made, or both");
  add_notice_file(move, options->notice);
  choose(move, chosen, options, app::keys_move_root);
}

void add_keys(CLI::App& program, Chosen& chosen) {
  CLI::App* keys = program.add_subcommand("keys", "Look after the key tree and its root");
  keys->require_subcommand(1);
  auto options = std::make_shared<cli::KeysOptions>();
  auto passphrase = std::make_shared<std::string>();
  CLI::App* check = keys->add_subcommand("check", "Say whether the key tree is whole");
  add_data(check, options->data, "Directory of all data, which nothing serves");
  add_root_directory(check, options->root);
  add_passphrase(check, *passphrase);
  add_json(check, options->json);
  choose(check, chosen, [options, passphrase] {
    return cli::keys_check(*options, [&](base::Disk& disk, const std::string& root) {
      return app::open_root(disk, root, *passphrase);
    });
  });
  add_root(keys, chosen);
}

void add_doctor(CLI::App& program, Chosen& chosen) {
  CLI::App* doctor = program.add_subcommand(
      "doctor", "Look at a data directory, its root and this machine, and say what to mend");
  doctor->footer(
      "Reads only, also beside a running server. Exit code: 0 no error was found (there may be "
      "warnings), 1 errors were, 2 it could not be run.");
  auto options = std::make_shared<app::DoctorOptions>();
  app::add_config(*doctor, options->served);
  app::add_settings(*doctor, options->served,
                    {"data", "root", "passphrase-file", "notice", "tls-cert", "tls-key", "smtp",
                     "smtp-user", "smtp-password-file", "smtp-ca", "mail-from", "no-replica"});
  add_json(doctor, options->json, "Answer as a JSON array");
  choose(doctor, chosen, options, app::doctor_command);
}

void add_mail(CLI::App& program, Chosen& chosen) {
  CLI::App* mail = program.add_subcommand("mail", "Try how mails are delivered");
  mail->require_subcommand(1);
  auto options = std::make_shared<app::MailTestOptions>();
  CLI::App* test = mail->add_subcommand(
      "test", "Look at SPF, DKIM and DMARC of the sending domain, and send a test mail");
  test->add_option("ADDRESS", options->address, "Who is to receive it")->required();
  app::add_config(*test, options->served);
  app::add_settings(*test, options->served,
                    {"notice", "smtp", "smtp-user", "smtp-password-file", "smtp-ca", "mail-from"});
  add_mail_test_options(test, options->selectors, options->resolver);
  test->add_option("--language", options->language, "Of the test mail: en or nb [en]")
      ->check(CLI::IsMember({"en", "nb"}));
  add_json(test, options->json);
  choose(test, chosen, options, app::mail_test);

  auto bounce = std::make_shared<app::MailBouncedOptions>();
  CLI::App* bounced = mail->add_subcommand(
      "bounced", "Note that an accepted mail came back; beside a running server or without one");
  bounced->add_option("MESSAGE_ID", bounce->id, "Its Message-ID")->required();
  add_data(bounced, bounce->data);
  choose(bounced, chosen, bounce, app::mail_bounced);
}

void add_import(CLI::App* account, Chosen& chosen) {
  const char* const data = "Directory of all data, which is being served";
  auto options = std::make_shared<app::ImportOptions>();
  CLI::App* import = account->add_subcommand(
      "import", "Make accounts of the people in a file; nobody is mailed before somebody says so");
  import->add_option("FILE", options->file, "CSV or JSON: docs/import.md")->required();
  import->add_option("--format", options->format, "csv or json [as the file's name ends]")
      ->check(CLI::IsMember({"csv", "json"}));
  import->add_flag("--dry-run", options->dry_run, "Only say what is wrong, and what would be made");
  import->add_flag("--invite", options->invite, "Then mail all who were imported and not mailed");
  auto invitation = std::make_shared<app::InviteOptions>();
  CLI::App* invite =
      account->add_subcommand("invite", "Mail all who were imported and not mailed yet");
  add_data(import, options->data, data);
  add_json(import, options->json);
  add_data(invite, invitation->data, data);
  add_json(invite, invitation->json);
  choose(import, chosen, options, app::account_import);
  choose(invite, chosen, invitation, app::account_invite);
}

void add_account(CLI::App& program, Chosen& chosen) {
  CLI::App* account = program.add_subcommand("account", "Ask a running server about its accounts");
  account->require_subcommand(1);
  account->footer(
      "Asks over DATA/control.sock, as the user who runs the server. Shows no names and no "
      "addresses: staff see them under a grant alone, as the notice says.");
  auto options = std::make_shared<app::AccountOptions>();
  CLI::App* list = account->add_subcommand("list", "Every account: id, state, day, members");
  CLI::App* show = account->add_subcommand("show", "One account");
  show->add_option("ID", options->account, "The account's id")->required();
  CLI::App* plan = account->add_subcommand("plan", "Which plan an account has, or give it another");
  plan->add_option("ID", options->account, "The account's id")->required();
  plan->add_option("PLAN", options->plan, "The plan's name, of the file of plans");
  for (CLI::App* command : {list, show, plan}) {
    add_data(command, options->data, "Directory of all data, which is being served");
    add_json(command, options->json);
  }
  add_import(account, chosen);
  choose(list, chosen, options, app::account_list);
  choose(show, chosen, options, app::account_show);
  choose(plan, chosen, options, app::account_plan);
}

/// Not for people: the child processes, see base/children.h.
void add_children(CLI::App& program, Chosen& chosen) {
  auto place = std::make_shared<base::Place>();
  CLI::App* dial = program.add_subcommand(app::dial_arguments().front(), "")->group("");
  dial->add_option("HOST", place->host)->required();
  dial->add_option("PORT", place->port)->required();
  choose(dial, chosen, place, base::dial_for_parent);
  auto server = std::make_shared<base::Words>();
  CLI::App* mail = program.add_subcommand(app::mail_arguments().front(), "")->group("");
  mail->add_option("SERVER", *server)->required()->expected(3);
  choose(mail, chosen, server, egress::mail_for_parent);
  program.add_subcommand(app::outside_arguments().front(), "")->group("")->callback([&chosen] {
    chosen = [] { return base::outside_for_parent(); };
  });
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App program("A software service that does what its privacy notice says, and nothing else");
  program.require_subcommand(1);
  program.set_version_flag("--version", SCALIGN_VERSION);
  Chosen chosen;
  add_init(program, chosen);
  add_serve(program, chosen);
  add_notice(program, chosen);
  add_site(program, chosen);
  add_vault(program, chosen);
  add_backup(program, chosen);
  add_restore(program, chosen);
  add_verify(program, chosen);
  add_keys(program, chosen);
  app::add_holder_commands(program, chosen);
  add_mail(program, chosen);
  add_account(program, chosen);
  add_children(program, chosen);
  add_ledger(program, chosen);
  add_doctor(program, chosen);
  app::add_remote_commands(program, chosen);
  try {
    program.parse(argc, argv);
  } catch (const CLI::ParseError& failed) {
    return program.exit(failed) == 0 ? 0 : kUsage;
  }
  // No core dump shall have a key in it, whoever opens one. The doctor looks at its own first.
  if (!program.got_subcommand("doctor"))
    if (const auto hardened = base::harden_process(); !hardened.ok()) {
      std::fputs((hardened.error().chain() + "\n").c_str(), stderr);
      return kUsage;
    }
  return chosen();
}

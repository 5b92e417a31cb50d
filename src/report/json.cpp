#include "report/json.h"

#include <algorithm>

#include "report/json_parts.h"
#include "report/json_writer.h"

namespace iwamtrace {
namespace {

class JsonReport {
 public:
  explicit JsonReport(const Report& report)
      : report_(report), case_(*report.evidence_of), answers_(report.answers) {}

  std::string render() {
    json_.object([&] {
      json_.member("schema", "iwamtrace-report/1");
      json_.object("tool", [&] {
        json_.member("name", "iwamtrace");
        json_.member("version", report_.tool_version);
        json_.member("isolation", report_.isolation);
      });
      json_.object("case", [&] {
        json_.member("name", case_.name);
        json_.array_of("inputs", case_.inputs, [&](const Untrusted& path) { json_.value(path); });
      });
      json_.array_of("evidence", case_.sources, [&](const Source& source) { put(source); });
      put_host();
      put_iwam();
      put_copies();
      put_desync();
      put_hypotheses();
      put_compromise();
      put_applications();
      json_.array_of("findings", answers_.findings, [&](const Finding& finding) { put(finding); });
      json_.array_of("story", answers_.story, [&](const Moment& moment) {
        json_.object([&] {
          json_.member("time", moment.time);
          json_.member("statement", moment.statement);
          put(moment.citations);
        });
      });
      put_remediation();
      json_.array_of("limits", answers_.limits, [&](const Untrusted& text) { json_.value(text); });
    });
    return json_.take() + "\n";
  }

 private:
  void member_or_null(std::string_view name, UntrustedView text) {
    iwamtrace::member_or_null(json_, name, text);
  }
  void member_or_null(std::string_view name, const std::string& text) {
    member_or_null(name, UntrustedView{text});
  }
  void fingerprint(std::string_view name, const std::optional<Fingerprint>& print) {
    put_fingerprint(json_, name, print);
  }
  void put(const std::vector<Citation>& citations) { put_citations(json_, citations); }

  void put_applications() {
    json_.array_of("applications", answers_.applications, [&](const ApplicationAnswer& one) {
      json_.object([&] {
        json_.member("location", one.location);
        json_.member("protection", name_of(one.protection));
        json_.member("reached", one.reached);
        json_.member("because", one.because);
        json_.member("failures", one.failures.size());
        json_.member("first_failure", one.failures.empty()
                                          ? std::nullopt
                                          : std::optional{one.failures.front()->head.time});
        json_.member("last_failure", one.failures.empty()
                                         ? std::nullopt
                                         : std::optional{one.failures.back()->head.time});
        put(one.citations);
      });
    });
  }

  void put_remediation() {
    std::uint64_t number = 0;
    json_.array_of("remediation", answers_.remediation, [&](const RepairStep& step) {
      json_.object([&] {
        json_.member("step", ++number);
        json_.member("action", step.action);
        json_.member("why", step.why);
        member_or_null("command", step.command);
      });
    });
    json_.array_of("collect", answers_.wanted, [&](const WantedEvidence& wanted) {
      json_.object([&] {
        json_.member("path", wanted.path);
        json_.array_of("decides", wanted.decides,
                       [&](const std::string& cause) { json_.value(std::string_view{cause}); });
        json_.member("why", wanted.why);
      });
    });
  }

  void put(const Source& source) {
    json_.object([&] {
      json_.member("id", static_cast<std::uint32_t>(source.id));
      json_.member("path", source.path);
      if (!source.path_hex.empty()) {
        json_.member("name_hex", source.path_hex);
      }
      json_.member("size", source.size);
      member_or_null("sha256", source.sha256);
      json_.member("modified", source.modified);
      json_.member("kind", name_of(source.kind));
      json_.member("status", name_of(source.status));
      member_or_null("note", source.note);
      member_or_null("log", source.summary.log);
      json_.member("records", source.summary.records);
      json_.member("recovered", source.summary.recovered);
      json_.member("unreadable_leftovers", source.summary.unreadable_leftovers);
      json_.object("coverage", [&] {
        json_.member("read", source.summary.coverage.read);
        json_.member("slack", source.summary.coverage.slack);
        json_.member("damaged", source.summary.coverage.damaged);
      });
      json_.member("first", source.summary.first);
      json_.member("last", source.summary.last);
      json_.array_of("damage", source.damage, [&](const Damage& damage) {
        json_.object([&] {
          json_.member("offset", damage.offset);
          json_.member("length", damage.length);
          json_.member("what", damage.what);
          json_.member("lost", damage.lost);
        });
      });
      put(source.cross_check);
    });
  }

  void put(const std::optional<CrossCheck>& check) {
    if (!check) {
      json_.member("cross_check", nullptr);
      return;
    }
    json_.object("cross_check", [&] {
      json_.member("reader", check->reader);
      json_.member("agree", check->agree);
      json_.member("differ", check->differ);
      json_.member("only_ours", check->only_ours);
      json_.member("only_theirs", check->only_theirs);
      json_.member("omitted", check->omitted);
      json_.array_of("differences", check->differences, [&](const CrossDifference& difference) {
        json_.object([&] {
          json_.member("record", difference.record);
          json_.member("offset", difference.offset);
          json_.member("field", difference.field);
          json_.member("ours", difference.ours);
          json_.member("theirs", difference.theirs);
          member_or_null("because", difference.because);
        });
      });
    });
  }

  void put_host() {
    const HostAnswer& host = answers_.host;
    json_.object("host", [&] {
      member_or_null("computer_name", host.computer_name);
      json_.array_of("previous_names", host.previous_names,
                     [&](const Untrusted& name) { json_.value(name); });
      member_or_null("windows", host.windows);
      member_or_null("iis", host.iis);
      member_or_null("time_zone", host.time_zone);
      member_or_null("domain_role", host.domain_role);
      member_or_null("machine_sid", host.machine_sid);
    });
  }

  void put_iwam() {
    json_.object("iwam", [&] {
      member_or_null("user_name", answers_.iwam.user_name);
      member_or_null("domain", answers_.iwam.domain);
      json_.array_of("named_by", answers_.iwam.named_by,
                     [&](const std::string& witness) { json_.value(witness); });
    });
  }

  void put_copies() {
    json_.object("copies", [&] {
      put_sam(answers_.copies.account);
      put_com_plus(answers_.copies.secret);
      put_metabase();
      json_.array_of("comparisons", answers_.copies.comparisons, [&](const Comparison& comparison) {
        json_.object([&] {
          json_.member("left", name_of(comparison.left));
          json_.member("right", name_of(comparison.right));
          json_.member("result", name_of(comparison.result));
          json_.member("basis", comparison.basis);
          json_.member("sam_history_index", comparison.sam_history_index);
          put(comparison.citations);
        });
      });
    });
  }

  void put_sam(const Account* account) {
    json_.object("sam", [&] {
      json_.member("known", account != nullptr);
      if (account == nullptr) {
        return;
      }
      json_.member("rid", account->rid);
      json_.member("password_last_set", account->password_last_set);
      json_.member("last_logon", account->last_logon);
      json_.member("last_bad_password", account->last_bad_password);
      json_.member("bad_password_count", account->bad_password_count);
      json_.member("account_created", account->created);
      json_.array_of("flags", names_of_account_flags(account->flags),
                     [&](const std::string& flag) { json_.value(flag); });
      json_.member("history", account->history.size());
      fingerprint("fingerprint", account->fingerprint);
      if (!account->revealed_nt_hash.empty()) {
        json_.member("nt_hash", account->revealed_nt_hash);
      }
      put(std::vector{account->where, account->password_set_where, account->hash_where});
    });
  }

  void put_com_plus(const Secret* secret) {
    json_.object("com_plus", [&] {
      json_.member("known", secret != nullptr);
      if (secret == nullptr) {
        return;
      }
      json_.member("secret", secret->name);
      json_.member("state", name_of(secret->current.state));
      json_.member("set", secret->current.set);
      json_.member("previous_set", secret->previous.set);
      fingerprint("fingerprint", secret->current.fingerprint);
      fingerprint("previous_fingerprint", secret->previous.fingerprint);
      if (!secret->current.revealed.empty()) {
        json_.member("password", secret->current.revealed);
      }
      if (!secret->previous.revealed.empty()) {
        json_.member("previous_password", secret->previous.revealed);
      }
      put(std::vector{secret->where, secret->current.where, secret->current.set_where});
    });
  }

  void put(const MetabaseSnapshot& version, const std::optional<Timestamp>& modified) {
    json_.object([&] {
      json_.member("evidence", static_cast<std::uint32_t>(version.where.source));
      json_.member("major", version.major);
      json_.member("minor", version.minor);
      json_.member("modified", modified);
      fingerprint("fingerprint", version.fingerprint);
    });
  }

  void put_metabase() {
    const CopiesAnswer& copies = answers_.copies;
    const MetabaseSnapshot* live = copies.metabase();
    json_.object("metabase", [&] {
      json_.member("known", live != nullptr);
      member_or_null("user_name", live == nullptr ? Untrusted{} : live->wam_user_name);
      json_.member("method",
                   name_of(live == nullptr ? SecretMethod::kNone : live->password_method));
      json_.member("password_length", live == nullptr ? std::nullopt : live->password_length);
      fingerprint("fingerprint", live == nullptr ? std::nullopt : live->fingerprint);
      if (live != nullptr && !live->revealed_password.empty()) {
        json_.member("password", live->revealed_password);
      }
      json_.array("versions", [&] {
        for (const MetabaseSnapshot* version : copies.metabases) {
          put(*version, case_.source(version->where.source).modified);
        }
        for (const MetabaseSnapshot* version : copies.exports) {
          put(*version, std::nullopt);
        }
      });
      put(live == nullptr ? std::vector<Citation>{}
                          : std::vector{live->wam_user_name_where, live->password_where});
    });
  }

  void put_desync() {
    const DesyncAnswer& desync = answers_.desync;
    json_.object("desync", [&] {
      json_.member("verdict", name_of(desync.verdict));
      json_.member("standing", name_of(desync.standing));
      json_.array_of("out_of_step", desync.out_of_step,
                     [&](Copy copy) { json_.value(name_of(copy)); });
      put_window();
      json_.member("cause", desync.cause);
      put_actor();
      json_.member("first_failure", time_of(desync.first_failure));
      json_.member("last_success", time_of(desync.last_success));
      json_.member("recovered", time_of(desync.recovered));
      json_.member("explains_failure", desync.explains_failure);
    });
  }

  static std::optional<Timestamp> time_of(const std::optional<Bound>& bound) {
    return bound ? std::optional{bound->time} : std::nullopt;
  }

  void put_window() {
    const DesyncAnswer& desync = answers_.desync;
    if (!desync.earliest && !desync.latest) {
      json_.member("window", nullptr);
      return;
    }
    const auto because = [&](std::string_view name, const std::optional<Bound>& bound) {
      member_or_null(name, bound ? bound->because : Untrusted{});
    };
    json_.object("window", [&] {
      json_.member("earliest", time_of(desync.earliest));
      json_.member("latest", time_of(desync.latest));
      because("earliest_because", desync.earliest);
      because("latest_because", desync.latest);
      std::vector<Citation> citations;
      for (const auto& bound : {desync.earliest, desync.latest}) {
        if (bound) {
          std::ranges::copy(bound->citations, std::back_inserter(citations));
        }
      }
      put(citations);
    });
  }

  void put_actor() {
    const auto& actor = answers_.desync.actor;
    if (!actor) {
      json_.member("actor", nullptr);
      return;
    }
    json_.object("actor", [&] {
      json_.member("account", actor->account);
      json_.member("logon_id",
                   actor->logon_id ? std::optional{logon_id(*actor->logon_id)} : std::nullopt);
      json_.member("logon_type", actor->logon_type);
      member_or_null("workstation", actor->workstation);
      member_or_null("address", actor->address);
      json_.member("logon_time", actor->logon_time);
      member_or_null("process", actor->process);
      member_or_null("link", actor->link);
      member_or_null("unlinked_because", actor->unlinked_because);
      put(actor->citations);
    });
  }

  // "0x0,0x1f3a2", as NT5 writes it.
  static std::string logon_id(std::uint64_t id) {
    constexpr std::string_view kDigits = "0123456789abcdef";
    const auto hexadecimal = [&](std::uint32_t number) {
      std::string text;
      do {
        text.insert(text.begin(), kDigits[number & 0xF]);
        number >>= 4;
      } while (number != 0);
      return "0x" + text;
    };
    return hexadecimal(static_cast<std::uint32_t>(id >> 32)) + "," +
           hexadecimal(static_cast<std::uint32_t>(id));
  }

  void put_hypotheses() {
    const auto facts = [&](std::string_view name, const std::vector<Fact>& list) {
      json_.array_of(name, list, [&](const Fact& fact) {
        json_.object([&] {
          json_.member("statement", fact.statement());
          json_.member("force", name_of(fact.force()));
          put(fact.citations());
        });
      });
    };
    const auto put_weighed = [&](const WeighedHypothesis& weighed) {
      json_.object([&] {
        json_.member("id", weighed.hypothesis.id);
        json_.member("claim", weighed.hypothesis.claim);
        json_.member("standing", name_of(weighed.standing));
        facts("in_favour", weighed.hypothesis.in_favour);
        facts("against", weighed.hypothesis.against);
        json_.array_of("missing", weighed.hypothesis.missing,
                       [&](const Missing& missing) { json_.value(missing.what); });
      });
    };
    json_.array("hypotheses", [&] {
      std::ranges::for_each(answers_.hypotheses, put_weighed);
      std::ranges::for_each(answers_.compromise.hypotheses, put_weighed);
    });
  }

  void put_compromise() {
    const CompromiseAnswer& compromise = answers_.compromise;
    json_.object("compromise", [&] {
      json_.member("verdict", name_of(compromise.verdict));
      member_or_null("kind", compromise.kind);
      member_or_null("because", compromise.because.view());
      put(compromise.citations);
      put_texts(json_, "techniques", compromise.techniques);
      json_.array_of("storyline", compromise.storyline, [&](const IntrusionStep& step) {
        json_.object([&] {
          json_.member("time", step.time);
          json_.member("phase", name_of(step.phase));
          json_.member("statement", step.statement);
          member_or_null("technique", step.technique);
          put(step.citations);
        });
      });
      if (compromise.desync_link) {
        json_.member("desync_link", name_of(*compromise.desync_link));
      } else {
        json_.member("desync_link", nullptr);
      }
    });
  }

  void put(const Finding& finding) {
    json_.object([&] {
      json_.member("id", finding.id);
      json_.member("severity", name_of(finding.severity));
      json_.member("title", finding.title);
      json_.member("time", finding.time);
      put_texts(json_, "techniques", finding.techniques);
      json_.member("statement", finding.statement);
      member_or_null("rule", finding.rule.view());
      put(finding.citations);
    });
  }

  const Report& report_;
  const Case& case_;
  const Answers& answers_;
  JsonWriter json_{JsonWriter::Style::kIndented};
};

}  // namespace

std::string render_json(const Report& report) { return JsonReport(report).render(); }

}  // namespace iwamtrace

//! The store's tests: one suite of cases, run on SQLite files and on a PostgreSQL of the tests' own.
//! What only one engine has (files, copies, plans) stands in a file of its own.

mod cluster;
mod files;
mod interleave;
mod killed;
mod lab;
mod server;
mod signals;
mod sources;
mod telling;
mod who;

/// Runs each case on SQLite as a test of its own, and all of them on one PostgreSQL, a database each.
macro_rules! cases {
    ($($module:ident :: $case:ident),* $(,)?) => {
        mod on_sqlite {
            $(
                #[test]
                fn $case() {
                    super::lab::on_sqlite(|lab| Box::pin(super::$module::$case(lab)));
                }
            )*
        }

        const CASES: &[(&str, lab::Case)] = &[
            $((stringify!($case), |lab| Box::pin($module::$case(lab)))),*
        ];
    };
}

cases! {
    who::practices_are_told_apart,
    who::the_set_up_code_serves_once,
    who::a_person_is_read_back_and_changed,
    who::who_leaves_is_shut_out_at_once,
    who::who_left_comes_back_with_what_she_had,
    who::a_login_is_free_again_after_its_owner_left,
    who::a_passkey_is_found_by_its_handle,
    who::a_one_time_code_is_good_once,
    who::a_recovery_code_serves_once,
    who::a_session_is_seen_and_ended,
    who::an_invitation_lets_in_one_person,
    who::what_is_kept_for_a_time_changes_from_what_was_judged,
    who::a_setting_says_who_changed_it,
    signals::a_device_joins_by_a_code_once,
    signals::a_certificate_lets_in_until_it_is_revoked,
    signals::signals_are_kept_once_and_in_order,
    signals::a_gap_is_told_and_nothing_beyond_is_kept,
    signals::what_a_device_lost_is_noted,
    signals::a_device_set_back_is_told,
    signals::who_is_unknown_or_retired_is_refused_alone,
    signals::a_large_batch_is_kept_whole,
    signals::live_pages_read_on,
    signals::lists_have_pages,
    signals::charts_count_hours_days_and_gauges,
    signals::old_signals_go_in_parts,
    signals::the_hub_reports_too,
    telling::incidents_follow_their_signals,
    telling::duties_keep_since_when,
    telling::alerts_and_what_the_engine_knows_are_kept_together,
    telling::a_command_waits_and_runs_out,
    telling::the_journal_is_found_by_person_kind_and_time,
    telling::a_closed_store_says_so,
    interleave::any_interleaving_keeps_each_signal_once,
}

#[test]
fn on_postgres() {
    lab::on_postgres(CASES);
}

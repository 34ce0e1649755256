//! The command line: thin over the library.
//!
//! `args.rs` is the one table of commands and options. Each command is a file with a `run` that turns its options into
//! an `Answer` or a `Failure`; only this module writes them out. Results go to standard output, notes and errors to
//! standard error. Exit codes: 0 done; 1 ran, but did not reach what was asked; 2 bad input.

mod adjust;
mod answer;
mod args;
mod backprop;
mod bayes;
mod binding;
mod bounds;
mod check;
mod codegen;
mod columns;
mod confusion;
mod derive;
mod descend;
mod diff;
mod eval;
mod failure;
mod fit;
mod integrate;
mod interrupt;
mod jsonl;
mod lecture;
mod likelihood;
mod linear;
mod lists;
mod matrix;
mod names;
mod over;
mod over_rows;
mod paths;
mod picture;
mod plot;
mod problem;
mod reading;
mod reduced;
mod rows;
mod simplify;
mod sparse;
mod stats;
mod trace;
mod typeset;
mod value;
mod watched;

pub use adjust::MAX_CELLS;
pub use args::MAX_ORDER;
pub use backprop::MAX_BACKPROP_STEPS;
pub use descend::{MAX_CHECKPOINT_BYTES, MAX_MATRIX_DIMENSION};
pub use jsonl::MAX_LINE_BYTES;
pub use likelihood::MAX_CATEGORIES;
pub use stats::MAX_DISTRIBUTION_VALUES;

use std::ffi::OsString;
use std::process::ExitCode;

use clap::error::ErrorKind;
use clap::{CommandFactory, Parser};

use answer::Answer;
use args::{Cli, Command, CompletionsArgs};
use failure::Failure;

const DONE: u8 = 0;
const UNREACHED: u8 = 1;
const BAD_INPUT: u8 = 2;

/// Runs the program with these arguments, its own name first.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    #[cfg(feature = "parquet")]
    silence_parquet();
    let arguments: Vec<OsString> = arguments.into_iter().collect();
    ExitCode::from(match Cli::try_parse_from(&arguments) {
        Ok(cli) => execute(&cli.command),
        Err(error) => usage(&error, &arguments),
    })
}

/// Panics over damaged files are caught where these are read, and told in our own words.
#[cfg(feature = "parquet")]
fn silence_parquet() {
    let usual = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |info| {
        let file = info.location().map_or("", |place| place.file());
        if !file.contains("parquet-") {
            usual(info);
        }
    }));
}

fn execute(command: &Command) -> u8 {
    let done = answer(command).and_then(|answer| {
        answer.write()?;
        Ok(if answer.unreached { UNREACHED } else { DONE })
    });
    done.unwrap_or_else(|failure| {
        failure.report(command.wants_json());
        BAD_INPUT
    })
}

fn answer(command: &Command) -> Result<Answer, Failure> {
    match command {
        Command::Diff(args) if args.jsonl => jsonl::run(),
        Command::Diff(args) => diff::run(args),
        Command::Eval(args) if args.table.data.is_some() => columns::run(args),
        Command::Eval(args) => eval::run(args),
        Command::Simplify(args) => simplify::run(args),
        Command::Completions(args) => Ok(completions(args)),
        Command::Check(args) => check::run(args),
        Command::Descend(args) => descend::run(args),
        Command::Fit(args) => fit::run(args),
        Command::Plot(args) => plot::run(args),
        Command::Codegen(args) => codegen::run(args),
        Command::Integrate(args) => integrate::run(args),
        Command::Likelihood(args) => likelihood::run(args),
        Command::Bayes(args) => bayes::run(args),
        Command::Adjust(args) => adjust::run(args),
        Command::Linear(args) => linear::run(args),
        Command::Stats(args) => stats::run(args),
        Command::Backprop(args) => backprop::run(args),
        Command::Lecture(args) => lecture::run(args, &seen),
    }
}

/// What a person sees who runs this command line: notes or errors, then the result.
fn seen(words: &[String]) -> String {
    let answer = match Cli::try_parse_from(words) {
        Ok(cli) => answer(&cli.command),
        Err(error) => return error.to_string(),
    };
    match answer {
        Ok(answer) => {
            answer
                .notes
                .iter()
                .map(|n| format!("Note: {n}\n"))
                .collect::<String>()
                + &answer.out
        }
        Err(failure) => failure.drawn(false),
    }
}

/// Help and version are answers; everything else that stops the parser is bad input.
fn usage(error: &clap::Error, arguments: &[OsString]) -> u8 {
    if !error.use_stderr() {
        let _ = error.print(); // a closed pipe has seen enough
        return DONE;
    }
    let json = arguments
        .windows(2)
        .any(|w| w[0] == "--format" && w[1] == "json")
        || arguments.iter().any(|a| a == "--format=json");
    if json && error.kind() != ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand {
        let text = error.to_string();
        // What is missing stands on lines of its own below the first one.
        let lines: Vec<&str> = (text.lines().map(str::trim))
            .take_while(|line| !line.is_empty())
            .collect();
        let message = lines.join(" ");
        let message = message.strip_prefix("error: ").unwrap_or(&message);
        Failure::new("usage", message).report(true);
    } else {
        let _ = error.print();
        if let Some(option) = taken_for_formula(error, arguments) {
            eprintln!("\n  tip: there is no option '{option}', so it was read as the formula");
        }
    }
    BAD_INPUT
}

/// A formula may begin with a minus sign, so a misspelt option that stands before the formula is taken for it; then what
/// follows is one argument too many.
fn taken_for_formula<'a>(error: &clap::Error, arguments: &'a [OsString]) -> Option<&'a str> {
    if error.kind() != ErrorKind::UnknownArgument {
        return None;
    }
    let is_word = |c: u8| c.is_ascii_lowercase() || c == b'-';
    let mut cli = Cli::command();
    cli.build(); // else the options of the commands are not there yet
    let command = cli.find_subcommand(arguments.get(1)?)?;
    (arguments.iter().filter_map(|a| a.to_str()))
        .take_while(|&a| a != "--")
        .filter(|a| a.len() > 4 && a.starts_with("--") && a.bytes().all(is_word))
        .find(|a| {
            command
                .get_arguments()
                .all(|known| known.get_long() != Some(&a[2..]))
        })
        .filter(|a| !error.to_string().contains(&format!("'{a}'")))
}

fn completions(args: &CompletionsArgs) -> Answer {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "gradus", &mut script);
    Answer {
        out: String::from_utf8_lossy(&script).into_owned(),
        ..Answer::default()
    }
}

//! `gradus lecture`: the chapters of the course, every number computed while they are shown.
//!
//! A chapter is a page of `docs/lecture/`. Its commands are run by this program itself, so that what a student sees is what
//! the commands print today, and each can be copied and changed. Exercises and their answers stand in the page too.

mod judge;
mod page;
mod tables;

use super::answer::Answer;
use super::args::LectureArgs;
use super::failure::Failure;
use judge::Verdict;
use page::{Block, Exercise, Page};
use tables::Tables;

/// The chapters there are, by their number.
const CHAPTERS: [(u32, &str); 8] = [
    (1, include_str!("../../../docs/lecture/01-vectors.md")),
    (2, include_str!("../../../docs/lecture/02-matrices.md")),
    (3, include_str!("../../../docs/lecture/03-descent.md")),
    (4, include_str!("../../../docs/lecture/04-spicy-descent.md")),
    (5, include_str!("../../../docs/lecture/05-learning.md")),
    (6, include_str!("../../../docs/lecture/06-probability.md")),
    (7, include_str!("../../../docs/lecture/07-statistics.md")),
    (8, include_str!("../../../docs/lecture/08-bayes.md")),
];

/// Runs the command; `execute` runs a command line of a page and gives what a person would see.
pub fn run(args: &LectureArgs, execute: &dyn Fn(&[String]) -> String) -> Result<Answer, Failure> {
    if let Some(folder) = &args.tables {
        return Ok(Answer {
            out: tables::put(folder)?,
            ..Answer::default()
        });
    }
    let Some(number) = args.chapter else {
        return Ok(Answer {
            out: contents(),
            ..Answer::default()
        });
    };
    let page = Page::read(chapter(number)?);
    match (args.exercise, &args.answer) {
        (None, _) => Ok(Answer {
            out: shown(&page, execute)?,
            ..Answer::default()
        }),
        (Some(at), None) => {
            let exercise = exercise(&page, number, at)?;
            Ok(Answer {
                out: format!("{}\n", exercise.question),
                ..Answer::default()
            })
        }
        (Some(at), Some(answer)) => {
            let exercise = exercise(&page, number, at)?;
            let verdict = judge::judge(answer, &exercise.answer)?;
            Ok(Answer {
                unreached: matches!(verdict, Verdict::Wrong(_)),
                out: format!("{verdict}\n"),
                ..Answer::default()
            })
        }
    }
}

fn chapter(number: u32) -> Result<&'static str, Failure> {
    match CHAPTERS.iter().find(|(n, _)| *n == number) {
        Some((_, text)) => Ok(text),
        None if number == 9 || number == 10 => {
            let what = if number == 9 {
                "convolution"
            } else {
                "recurrent networks"
            };
            let message = format!("chapter {number} ({what}) is not written yet");
            let hint = "it needs formulas of vectors and matrices; chapters 1 to 8 are here";
            Err(Failure::new("bad_option", message).with_hint(hint))
        }
        None => {
            let known: Vec<String> = CHAPTERS.iter().map(|(n, _)| n.to_string()).collect();
            let message = format!("there is no chapter {number}");
            let hint = format!("the chapters are {}", known.join(", "));
            Err(Failure::new("bad_option", message).with_hint(hint))
        }
    }
}

fn exercise(page: &Page, chapter: u32, number: usize) -> Result<&Exercise, Failure> {
    let found = number.checked_sub(1).and_then(|at| page.exercises.get(at));
    found.ok_or_else(|| {
        let message = format!("chapter {chapter} has no exercise {number}");
        let hint = format!("its exercises are 1 to {}", page.exercises.len());
        Failure::new("bad_option", message).with_hint(hint)
    })
}

/// The titles of all chapters.
fn contents() -> String {
    let titles = CHAPTERS.iter().map(|(_, text)| {
        let title = text.lines().next().unwrap_or_default();
        format!("{}\n", title.trim_start_matches("# "))
    });
    let hint = "\n`gradus lecture 1` shows a chapter, `gradus lecture 1 --exercise 1` asks.\n";
    titles.collect::<String>() + hint
}

/// The chapter with the answers of its commands as they are now.
fn shown(page: &Page, execute: &dyn Fn(&[String]) -> String) -> Result<String, Failure> {
    let tables = Tables::write()?;
    let (mut out, mut reads_tables) = (String::new(), false);
    for block in &page.blocks {
        match block {
            Block::Text(text) => out += text,
            Block::Commands(commands) => {
                for (at, command) in commands.iter().enumerate() {
                    let gap = if at > 0 { "\n" } else { "" };
                    let words = page::words(command);
                    reads_tables |= words.iter().any(|word| tables::is_table(word));
                    let words: Vec<String> = words.iter().map(|w| tables.place(w)).collect();
                    // As a program gets them: its own name first, which is that of the command line.
                    out += &format!("{gap}    $ {command}\n");
                    for line in execute(&words).lines() {
                        out += &format!("    {}\n", line.trim_end());
                    }
                }
            }
        }
    }
    if reads_tables {
        out += "\nThe tables that its commands read: gradus lecture --tables . writes them to docs/lecture/\n";
    }
    if !page.exercises.is_empty() {
        out += "\nAnswer one: gradus lecture CHAPTER --exercise N --answer \"...\"\n";
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every exercise has an answer that is right, and 0 or 1 is not the answer to all of them.
    #[test]
    fn every_exercise_knows_its_answer() {
        for (number, text) in CHAPTERS {
            let page = Page::read(text);
            assert!(page.exercises.len() >= 3, "chapter {number}");
            for exercise in &page.exercises {
                let right = judge::judge(&exercise.answer, &exercise.answer).unwrap();
                assert_eq!(right, Verdict::Right, "{}", exercise.question);
                let wrong = format!("({}) + 1", exercise.answer);
                if !exercise.answer.starts_with('[') {
                    let verdict = judge::judge(&wrong, &exercise.answer).unwrap();
                    assert_ne!(verdict, Verdict::Right, "{}", exercise.question);
                }
            }
        }
    }
}

//! The file of `--checkpoint` and `--resume`: all that a descent knows between two steps.
//!
//! One JSON object, version 1. `function` and `variables` say what it is of, `options` how it was asked to step (a field
//! an option of the command line), `method` which method that is; `iterations` and `cost` count; `at` and `best` are
//! points with value and gradient, in the order of `variables`; `memory` holds what the method remembers, lists of numbers
//! by name. Numbers have the digits that give the same double back; "NaN", "inf" and "-inf" are strings. The file is written
//! under another name and put in its place when it is whole, so that at any time there is one to continue from.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::{Deserialize, Deserializer, Serialize};

use super::goal::Goal;
use super::pace::Pace;
use crate::cli::args::{DescendArgs, MethodArgs};
use crate::cli::failure::Failure;
use crate::cli::value::{Real, number};
use crate::descend::{Cost, Descent, Iterate, Memory, Snapshot};
use crate::fit::data::Output;

/// The version that is written, and the only one that is read.
const VERSION: u32 = 1;

/// Checkpoints larger than this are not read.
pub const MAX_CHECKPOINT_BYTES: u64 = 1 << 30;

/// How often one is written, where nothing is said.
const EVERY: Duration = Duration::from_secs(10);

#[derive(Serialize, Deserialize)]
struct File {
    gradus_checkpoint: u32,
    function: String,
    variables: Vec<String>,
    options: MethodArgs,
    method: String,
    iterations: u64,
    cost: Counts,
    at: Point,
    best: Point,
    memory: BTreeMap<String, Vec<Number>>,
}

/// What tells a checkpoint from other files.
#[derive(Deserialize)]
struct Head {
    gradus_checkpoint: Option<u32>,
}

#[derive(Serialize, Deserialize)]
struct Counts {
    functions: u64,
    gradients: u64,
    hessians: u64,
    products: u64,
    rows: u64,
}

#[derive(Serialize, Deserialize)]
struct Point {
    point: Vec<Number>,
    value: Number,
    gradient: Vec<Number>,
}

/// A double.
#[derive(Clone, Copy)]
struct Number(f64);

impl Serialize for Number {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Real(self.0).serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Number {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Number, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Either {
            Number(f64),
            Word(String),
        }
        match Either::deserialize(deserializer)? {
            Either::Number(number) => Ok(Number(number)),
            Either::Word(word) => match word.as_str() {
                "NaN" => Ok(Number(f64::NAN)),
                "inf" => Ok(Number(f64::INFINITY)),
                "-inf" => Ok(Number(f64::NEG_INFINITY)),
                _ => Err(serde::de::Error::custom(format!("`{word}` is no number"))),
            },
        }
    }
}

fn numbers(list: &[f64]) -> Vec<Number> {
    list.iter().map(|&x| Number(x)).collect()
}

fn doubles(list: &[Number]) -> Vec<f64> {
    list.iter().map(|x| x.0).collect()
}

impl Point {
    fn new(iterate: &Iterate) -> Point {
        Point {
            point: numbers(&iterate.point),
            value: Number(iterate.value),
            gradient: numbers(&iterate.gradient),
        }
    }

    fn iterate(&self) -> Iterate {
        Iterate {
            point: doubles(&self.point),
            value: self.value.0,
            gradient: doubles(&self.gradient),
        }
    }
}

/// A checkpoint that is kept up to date.
pub struct Checkpoint {
    path: PathBuf,
    function: String,
    variables: Vec<String>,
    options: MethodArgs,
    steps: Option<u64>,
    time: Option<Pace>,
    /// Steps at which the last one was written.
    written: u64,
    /// Why the last one could not be written.
    error: Option<Failure>,
}

impl Checkpoint {
    /// The checkpoint that was asked for, if any. A file that cannot be written is refused here, before the work.
    pub fn open(args: &DescendArgs, goal: &Goal) -> Result<Option<Checkpoint>, Failure> {
        let Some(path) = &args.long.checkpoint else {
            return Ok(None);
        };
        let (steps, time) = match &args.long.checkpoint_every {
            None => (None, Some(EVERY)),
            Some(text) => every(text)?,
        };
        Output::create(path).map_err(of_checkpoint)?;
        Ok(Some(Checkpoint {
            path: path.clone(),
            function: goal.function.clone(),
            variables: goal.names.clone(),
            options: args.step.clone(),
            steps,
            time: time.map(Pace::new),
            written: 0,
            error: None,
        }))
    }

    /// Sees a step, and writes if it is time.
    pub fn see(&mut self, descent: &Descent<'_>) {
        let number = descent.iteration_number();
        let by_steps = self
            .steps
            .is_some_and(|steps| number >= self.written.saturating_add(steps));
        let by_time = self.time.as_mut().is_some_and(|pace| pace.is_due(number));
        if number > 0 && (by_steps || by_time) {
            self.error = self.write(&descent.snapshot()).err();
            self.written = number;
        }
    }

    /// Writes where the descent ended; what could not be written is told.
    pub fn finish(mut self, descent: &Descent<'_>) -> Option<Failure> {
        self.error = self.write(&descent.snapshot()).err();
        self.error
    }

    fn write(&self, snapshot: &Snapshot) -> Result<(), Failure> {
        let memory = snapshot.memory.lists.iter();
        let Cost {
            functions,
            gradients,
            hessians,
            products,
            rows,
        } = snapshot.cost;
        let file = File {
            gradus_checkpoint: VERSION,
            function: self.function.clone(),
            variables: self.variables.clone(),
            options: self.options.clone(),
            method: snapshot.method.clone(),
            iterations: snapshot.iterations,
            cost: Counts {
                functions,
                gradients,
                hessians,
                products,
                rows,
            },
            at: Point::new(&snapshot.at),
            best: Point::new(&snapshot.best),
            memory: memory
                .map(|(name, list)| (name.clone(), numbers(list)))
                .collect(),
        };
        let mut output = Output::create(&self.path).map_err(of_checkpoint)?;
        let failed = |error: std::io::Error| {
            let message = format!("--checkpoint {}: {error}", self.path.display());
            Failure::new("io", message)
        };
        serde_json::to_writer(&mut output, &file).map_err(|error| failed(error.into()))?;
        output.write_all(b"\n").map_err(failed)?;
        output.finish().map_err(of_checkpoint)
    }
}

fn of_checkpoint(error: crate::fit::data::DataError) -> Failure {
    Failure::new("io", format!("--checkpoint {error}"))
}

/// `1000`, `30s`, or both.
fn every(text: &str) -> Result<(Option<u64>, Option<Duration>), Failure> {
    let bad = || {
        let message =
            format!("--checkpoint-every: `{text}` is neither a number of steps nor a time");
        Failure::new("bad_option", message).with_hint("write 1000, 30s, or 1000,30s")
    };
    let (mut steps, mut time) = (None, None);
    for part in text.split(',').map(str::trim) {
        if let Some(seconds) = part.strip_suffix('s') {
            let seconds: f64 = seconds.trim().parse().map_err(|_| bad())?;
            let given = (seconds > 0.0).then(|| Duration::try_from_secs_f64(seconds).ok());
            let given = given.flatten().ok_or_else(bad)?;
            if time.replace(given).is_some() {
                return Err(bad());
            }
        } else {
            let given = part.parse().ok().filter(|&n: &u64| n > 0).ok_or_else(bad)?;
            if steps.replace(given).is_some() {
                return Err(bad());
            }
        }
    }
    Ok((steps, time))
}

/// A checkpoint that was read.
pub struct Resumed {
    path: PathBuf,
    function: String,
    variables: Vec<String>,
    snapshot: Snapshot,
}

/// Reads the file of `--resume`; the options that it was made with take the place of those that were not given.
pub fn resume(path: &Path, args: &DescendArgs) -> Result<(DescendArgs, Resumed), Failure> {
    let bytes = fs::metadata(path)
        .and_then(|known| match known.len() > MAX_CHECKPOINT_BYTES {
            true => Err(std::io::Error::other(
                "larger than a checkpoint may be: 1 GiB",
            )),
            false => fs::read(path),
        })
        .map_err(|error| Failure::new("io", format!("--resume {}: {error}", path.display())))?;
    let bad = |what: String| {
        let message = format!("--resume {}: {what}", path.display());
        Failure::new("bad_checkpoint", message)
    };
    let unreadable = |error: serde_json::Error| match error.is_eof() {
        true => bad("the checkpoint is cut off".into()),
        false => bad(format!("this is no checkpoint of gradus descend: {error}")),
    };
    let head: Head = serde_json::from_slice(&bytes).map_err(unreadable)?;
    match head.gradus_checkpoint {
        Some(VERSION) => {}
        None => return Err(bad("this is no checkpoint of gradus descend".into())),
        Some(other) => {
            let what = format!("a checkpoint of version {other}, where {VERSION} can be read");
            return Err(bad(what).with_hint("continue with the gradus that wrote it"));
        }
    }
    let file: File = serde_json::from_slice(&bytes).map_err(unreadable)?;
    let snapshot = Snapshot {
        iterations: file.iterations,
        at: file.at.iterate(),
        best: file.best.iterate(),
        cost: Cost {
            functions: file.cost.functions,
            gradients: file.cost.gradients,
            hessians: file.cost.hessians,
            products: file.cost.products,
            rows: file.cost.rows,
        },
        method: file.method,
        memory: Memory {
            lists: (file.memory.into_iter())
                .map(|(name, list)| (name, doubles(&list)))
                .collect(),
        },
    };
    let count = file.variables.len();
    for iterate in [&snapshot.at, &snapshot.best] {
        let fits = iterate.point.len() == count && iterate.gradient.len() == count;
        if !fits || !iterate.is_finite() {
            return Err(bad(
                "the checkpoint is damaged: a point has not a finite number a variable".into(),
            ));
        }
    }
    let values = file.variables.iter().zip(&snapshot.at.point);
    let from = values
        .map(|(name, &x)| format!("{name}={}", number(x)))
        .collect();
    let mut step = file.options;
    step.tolerance = args.step.tolerance.or(step.tolerance);
    if args.step.max_iterations.or(args.step.epochs).is_some() {
        step.max_iterations = args.step.max_iterations;
        step.epochs = args.step.epochs;
    }
    let args = DescendArgs {
        from,
        step,
        ..args.clone()
    };
    let resumed = Resumed {
        path: path.to_owned(),
        function: file.function,
        variables: file.variables,
        snapshot,
    };
    Ok((args, resumed))
}

/// Values of the same function differ by less than this part, whatever computed them.
const SAME: f64 = 1e-9;

impl Resumed {
    /// The snapshot, if it is of this problem.
    pub fn snapshot(self, goal: &mut Goal) -> Result<Snapshot, Failure> {
        let path = self.path.display();
        let other = |message: String| Failure::new("bad_checkpoint", message);
        if self.function != goal.function || self.variables != goal.names {
            let message = format!(
                "--resume {path}: the checkpoint is of `{}`, not of `{}`",
                shortened(&self.function),
                shortened(&goal.function)
            );
            return Err(other(message).with_hint("give the formula with which it was made"));
        }
        let best = &self.snapshot.best;
        let here = goal.objective.value(&best.point);
        let is_same = (here - best.value).abs() <= SAME * best.value.abs().max(f64::MIN_POSITIVE);
        if !is_same && here != best.value {
            let message = format!(
                "--resume {path}: at the best point of the checkpoint the function had the value {}, and has {} now",
                number(best.value),
                number(here)
            );
            return Err(other(message).with_hint("was it made with other data?"));
        }
        Ok(self.snapshot)
    }

    /// The error of a formula with a variable that the checkpoint has not.
    pub fn has_other_variables(&self) -> Failure {
        let message = format!(
            "--resume {}: the checkpoint is of `{}`, and has not all variables of this formula",
            self.path.display(),
            shortened(&self.function)
        );
        Failure::new("bad_checkpoint", message).with_hint("give the formula with which it was made")
    }

    /// The error of a method that cannot take up what the file has.
    pub fn damaged(path: &Path, error: &crate::descend::MemoryError) -> Failure {
        let message = format!(
            "--resume {}: the checkpoint is damaged: {error}",
            path.display()
        );
        Failure::new("bad_checkpoint", message)
    }
}

fn shortened(formula: &str) -> String {
    const LONGEST: usize = 80;
    match formula.chars().count() > LONGEST {
        true => formula.chars().take(LONGEST).chain("...".chars()).collect(),
        false => formula.to_owned(),
    }
}

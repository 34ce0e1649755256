//! The picture of `--plot`.

use super::goal::Goal;
use crate::cli::args::DescendArgs;
use crate::cli::failure::Failure;
use crate::cli::picture::Picture;
use crate::cli::typeset;
use crate::descend::{Iteration, Outcome};
use crate::plot::{self, Descent};

/// Over more rows of data than this, the map under a path would take too long: each of its places is a pass over them.
const MAX_MAP_ROWS: usize = 500;

/// What a picture needs of a descent, kept on the way.
pub struct Drawing {
    place: Picture,
    path: plot::Path,
}

impl Drawing {
    /// The picture that was asked for, if any. A file that cannot be written is refused here, before the work.
    pub fn open(args: &DescendArgs) -> Result<Option<Drawing>, Failure> {
        let Some(plot) = &args.picture.plot else {
            return Ok(None);
        };
        let size = args.picture.size.as_deref();
        Ok(Some(Drawing {
            place: Picture::open("--plot", Some(plot), size, args.format)?,
            path: plot::Path::default(),
        }))
    }

    /// Sees the start and every step.
    pub fn see(&mut self, iteration: &Iteration<'_>) {
        let Iteration {
            number,
            point,
            value,
            gradient_norm,
        } = *iteration;
        self.path.keep(number, point, value, gradient_norm);
    }

    /// Draws. What comes back is for standard output, or a remark why there is no picture.
    pub fn finish(mut self, goal: &mut Goal, outcome: &Outcome) -> Result<String, Failure> {
        self.path.end(&outcome.point, outcome.value);
        let title = typeset::typeset(&goal.function);
        let name = |k: usize| typeset::name(&goal.names[k]);
        let objective = &mut goal.objective;
        let mut on_line = |x: &[f64], z: &mut [f64]| {
            for (z, &x) in z.iter_mut().zip(x) {
                *z = objective.value(&[x]);
            }
        };
        let size = self.place.size;
        let dear = goal.rows.is_some_and(|rows| rows > MAX_MAP_ROWS);
        let figure = match goal.names.len() {
            _ if dear => plot::descent(&title, &self.path, Descent::Many, size),
            1 => {
                let descent = Descent::One(name(0), &mut on_line);
                plot::descent(&title, &self.path, descent, size)
            }
            2 => {
                let mut on_map = |x: &[f64], y: &[f64], z: &mut [f64]| {
                    for ((z, &x), &y) in z.iter_mut().zip(x).zip(y) {
                        *z = objective.value(&[x, y]);
                    }
                };
                let descent = Descent::Two([name(0), name(1)], &mut on_map);
                plot::descent(&title, &self.path, descent, size)
            }
            _ => plot::descent(&title, &self.path, Descent::Many, size),
        };
        match figure {
            Ok(figure) => self.place.write(&figure),
            Err(_) => {
                let note = "no picture: nothing on the way had a finite value";
                goal.notes.push(note.to_owned());
                Ok(String::new())
            }
        }
    }
}

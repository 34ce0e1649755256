//! The slots of a block while a step writes one or two of them and reads others: no step reads what it writes.

use super::plan::{Source, Target};

/// Slots, one after the other, in up to three parts between those that are written.
pub(super) struct Slots<'s> {
    /// Each with the place where it begins.
    parts: [(usize, &'s mut [f64]); 3],
    /// Numbers of a slot.
    size: usize,
}

impl<'s> Slots<'s> {
    pub(super) fn new(slots: &'s mut [f64], size: usize) -> Slots<'s> {
        let parts = [(0, slots), (usize::MAX, &mut [][..]), (usize::MAX, &mut [])];
        Slots { parts, size }
    }

    /// All of them, where none is written.
    pub(super) fn all(self) -> &'s mut [f64] {
        let [(_, slots), ..] = self.parts;
        slots
    }

    /// The column that a step writes.
    #[inline]
    pub(super) fn target<'a>(
        &mut self,
        target: Target,
        outputs: &'a mut [&mut [f64]],
        points: usize,
    ) -> &'a mut [f64]
    where
        's: 'a,
    {
        match target {
            Target::Slot(slot) => &mut self.take(slot)[..points],
            Target::Output(at) => &mut outputs[at as usize][..points],
        }
    }

    /// The two columns that a step writes.
    #[inline]
    pub(super) fn targets<'a>(
        &mut self,
        targets: [Target; 2],
        outputs: &'a mut [&mut [f64]],
        points: usize,
    ) -> [&'a mut [f64]; 2]
    where
        's: 'a,
    {
        if let [Target::Output(first), Target::Output(second)] = targets {
            let both = outputs.get_disjoint_mut([first as usize, second as usize]);
            return both
                .expect("two outputs")
                .map(|column| &mut column[..points]);
        }
        let mut slot = |target| match target {
            Target::Slot(slot) => Some(&mut self.take(slot)[..points]),
            Target::Output(_) => None,
        };
        let slots = targets.map(&mut slot);
        let output = targets.into_iter().find_map(|target| match target {
            Target::Output(at) => Some(at as usize),
            Target::Slot(_) => None,
        });
        let mut output = output.map(|at| &mut outputs[at][..points]);
        slots.map(|slot| slot.or_else(|| output.take()).expect("one output at most"))
    }

    /// The column that a step reads.
    #[inline]
    pub(super) fn source<'a>(
        &'a self,
        source: Source,
        inputs: &[&'a [f64]],
        start: usize,
    ) -> &'a [f64] {
        match source {
            Source::Slot(slot) => {
                let at = slot as usize * self.size;
                let inside = |&&(begin, ref part): &&(usize, &mut [f64])| {
                    at >= begin && at < begin + part.len()
                };
                let (begin, part) = (self.parts.iter().find(inside)).expect("no target");
                &part[at - begin..]
            }
            Source::Input(at) => &inputs[at as usize][start..],
            Source::Constant(_) | Source::Number(_) => &[],
        }
    }

    /// Takes a slot out.
    fn take(&mut self, slot: u32) -> &'s mut [f64] {
        let at = slot as usize * self.size;
        let inside = |(begin, part): &(usize, &mut [f64])| at >= *begin && at < begin + part.len();
        let which = self.parts.iter().position(inside).expect("a slot once");
        let (begin, part) = std::mem::take(&mut self.parts[which]);
        let (before, rest) = part.split_at_mut(at - begin);
        let (taken, after) = rest.split_at_mut(self.size);
        self.parts[which] = (begin, before);
        let empty = self
            .parts
            .iter()
            .position(|(begin, _)| *begin == usize::MAX);
        self.parts[empty.expect("two slots at most")] = (at + self.size, after);
        taken
    }
}

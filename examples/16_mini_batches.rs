//! Stochastic gradient descent: a line through points, by a few random points a step.
//!
//! `cargo run --example 16_mini_batches`

use gradus::descend::{
    Adam, Batches, Decay, FirstOrder, GradientDescent, Method, Objective, Offers, Stop, StopReason,
    descend,
};

/// The mean of `(a*x + b - y)^2` over some points.
struct Line {
    points: Vec<(f64, f64)>,
}

impl Line {
    fn over(
        &self,
        rows: impl ExactSizeIterator<Item = usize>,
        p: &[f64],
        gradient: &mut [f64],
    ) -> f64 {
        let count = rows.len() as f64;
        gradient.fill(0.0);
        let mut sum = 0.0;
        for row in rows {
            let (x, y) = self.points[row];
            let residual = p[0] * x + p[1] - y;
            sum += residual * residual;
            gradient[0] += 2.0 * residual * x / count;
            gradient[1] += 2.0 * residual / count;
        }
        sum / count
    }
}

impl Objective for Line {
    fn dimension(&self) -> usize {
        2
    }

    fn value(&mut self, point: &[f64]) -> f64 {
        self.over(0..self.points.len(), point, &mut [0.0; 2])
    }

    fn gradient(&mut self, point: &[f64], gradient: &mut [f64]) {
        self.over(0..self.points.len(), point, gradient);
    }

    fn offers(&self) -> Offers {
        Offers {
            rows: Some(self.points.len()),
            ..Offers::default()
        }
    }

    // The mean over some rows: over all random choices its own mean is the whole.
    fn value_and_gradient_of(&mut self, rows: &[usize], p: &[f64], gradient: &mut [f64]) -> f64 {
        self.over(rows.iter().copied(), p, gradient)
    }
}

fn main() {
    // y = 3x - 1 and noise from -0.5 to 0.5.
    let point = |i: u32| {
        let x = f64::from(i) / 500.0;
        let noise = f64::from(i * 7919 % 997) / 997.0 - 0.5;
        (x, 3.0 * x - 1.0 + noise)
    };
    let mut line = Line {
        points: (0..1000).map(point).collect(),
    };
    let ten_at_a_time = || Batches::new(10, 42);
    let methods = [
        FirstOrder::new(GradientDescent { rate: 0.1 }).with_batches(ten_at_a_time()),
        FirstOrder::new(GradientDescent { rate: 0.1 })
            .with_decay(Decay::InverseTime { speed: 0.5 })
            .with_batches(ten_at_a_time()),
        FirstOrder::new(Adam {
            rate: 0.1,
            ..Adam::default()
        })
        .with_decay(Decay::InverseTime { speed: 0.5 })
        .with_batches(ten_at_a_time()),
    ];
    let stop = Stop {
        tolerance: 0.0,
        max_iterations: 30,
        interrupt: None,
    };
    for (what, mut method) in ["fixed rate", "falling rate", "falling rate"]
        .iter()
        .zip(methods)
    {
        let end = descend(&mut line, &mut method, &[0.0, 0.0], &stop, &mut |epoch| {
            if epoch.number.is_multiple_of(10) {
                println!(
                    "  epoch {:2}: mean of squares {:.5}",
                    epoch.number, epoch.value
                );
            }
        });
        println!(
            "{}, {what}: y = {:.3}*x {:+.3}; {}",
            method.name(),
            end.point[0],
            end.point[1],
            end.stop_reason.as_str()
        );
        assert_eq!(end.stop_reason, StopReason::EpochsDone);
        assert!((end.point[0] - 3.0).abs() < 0.1 && (end.point[1] + 1.0).abs() < 0.1);
    }
}

//! The shapes of the JMH benchmarks on Tokio itself. Prints one line per shape: its name and the
//! median time of an iteration in microseconds.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering::Relaxed};
use std::sync::{mpsc, Arc, Barrier};
use std::time::{Duration, Instant};

use tokio::runtime::{Builder, Handle, Runtime};
use tokio::sync::oneshot;

const THREADS: usize = 2;
const MANY: usize = 10_000;
const SOME: usize = 1_000;

fn main() {
    let only = std::env::args().nth(1).unwrap_or_default();
    let seconds = std::env::args().nth(2).and_then(|s| s.parse().ok()).unwrap_or(2.0);
    let rt = Builder::new_multi_thread().worker_threads(THREADS).enable_time().build().unwrap();
    let run = |name: &str, shape: &dyn Fn(&Runtime)| {
        if name.contains(&only) {
            println!("{name} {:.1}", median(seconds, || shape(&rt)));
        }
    };
    run("spawnManyLocal", &spawn_many_local);
    run("spawnManyRemoteIdle", &|rt| spawn_remote(rt, MANY));
    run("chainedSpawn", &chained_spawn);
    run("yieldMany", &yield_many);
    run("pingPong", &ping_pong);
    run("requestReply", &request_reply);
    for spawners in [1, 2, 8, 64] {
        run(&format!("remoteSpawn:{spawners}"), &|rt| remote_spawn(rt, spawners));
    }
    for tasks in [1, 8, 32] {
        run(&format!("spawnBlocking:{tasks}"), &|rt| spawn_blocking(rt, tasks));
    }
    run("timeoutOfWhatIsReady:1000", &|rt| {
        rt.block_on(async {
            for _ in 0..1000 {
                let _ = tokio::time::timeout(Duration::from_secs(1), std::future::ready(1)).await;
            }
        })
    });
    run("timeoutOfWhatCompletes:1000", &|rt| {
        rt.block_on(async {
            for _ in 0..1000 {
                let (tx, rx) = oneshot::channel();
                let timeout = tokio::time::timeout(Duration::from_secs(1), rx);
                tokio::pin!(timeout);
                std::future::poll_fn(|cx| {
                    let _ = std::future::Future::poll(timeout.as_mut(), cx);
                    std::task::Poll::Ready(())
                })
                .await;
                tx.send(1).unwrap();
                timeout.await.unwrap().unwrap();
            }
        })
    });
    run("spawnManyRemoteBusy1", &|rt| beside_busy(rt, 8, MANY));
    run("spawnManyRemoteBusy2", &|rt| beside_busy(rt, 4, SOME));
}

fn median(seconds: f64, mut shape: impl FnMut()) -> f64 {
    let warm_up = Instant::now();
    while warm_up.elapsed().as_secs_f64() < seconds / 4.0 {
        shape();
    }
    let mut times = Vec::new();
    let begin = Instant::now();
    while begin.elapsed().as_secs_f64() < seconds {
        let start = Instant::now();
        shape();
        times.push(start.elapsed().as_secs_f64() * 1e6);
    }
    times.sort_by(|a, b| a.total_cmp(b));
    times[times.len() / 2]
}

fn spawn_many_local(rt: &Runtime) {
    let (tx, rx) = mpsc::sync_channel(1);
    let left = Arc::new(AtomicUsize::new(MANY));
    rt.spawn(async move {
        for _ in 0..MANY {
            let (left, tx) = (left.clone(), tx.clone());
            tokio::spawn(async move {
                if left.fetch_sub(1, Relaxed) == 1 {
                    tx.send(()).unwrap();
                }
            });
        }
    });
    rx.recv().unwrap();
}

fn spawn_remote(rt: &Runtime, tasks: usize) {
    let (tx, rx) = mpsc::sync_channel(1);
    let left = Arc::new(AtomicUsize::new(tasks));
    for _ in 0..tasks {
        let (left, tx) = (left.clone(), tx.clone());
        rt.spawn(async move {
            if left.fetch_sub(1, Relaxed) == 1 {
                tx.send(()).unwrap();
            }
        });
    }
    rx.recv().unwrap();
}

fn stall() {
    let start = Instant::now();
    while start.elapsed() < Duration::from_micros(10) {
        std::hint::spin_loop();
    }
}

fn keep_busy(rt: Handle, stop: Arc<AtomicBool>, left: Arc<AtomicUsize>, tx: mpsc::SyncSender<()>) {
    let next = rt.clone();
    rt.spawn(async move {
        stall();
        if !stop.load(Relaxed) {
            keep_busy(next, stop, left, tx);
        } else if left.fetch_sub(1, Relaxed) == 1 {
            tx.send(()).unwrap();
        }
    });
}

fn beside_busy(rt: &Runtime, busy: usize, tasks: usize) {
    let (tx, rx) = mpsc::sync_channel(1);
    let stop = Arc::new(AtomicBool::new(false));
    let left = Arc::new(AtomicUsize::new(busy));
    for _ in 0..busy {
        keep_busy(rt.handle().clone(), stop.clone(), left.clone(), tx.clone());
    }
    spawn_remote(rt, tasks);
    stop.store(true, Relaxed);
    rx.recv().unwrap();
}

fn chain(left: usize, tx: mpsc::SyncSender<()>) {
    if left == 0 {
        tx.send(()).unwrap();
    } else {
        tokio::spawn(async move { chain(left - 1, tx) });
    }
}

fn chained_spawn(rt: &Runtime) {
    let (tx, rx) = mpsc::sync_channel(1);
    rt.spawn(async move { chain(SOME, tx) });
    rx.recv().unwrap();
}

fn yield_many(rt: &Runtime) {
    let (tx, rx) = mpsc::sync_channel(200);
    for _ in 0..200 {
        let tx = tx.clone();
        rt.spawn(async move {
            for _ in 0..SOME {
                tokio::task::yield_now().await;
            }
            tx.send(()).unwrap();
        });
    }
    for _ in 0..200 {
        rx.recv().unwrap();
    }
}

fn ping_pong(rt: &Runtime) {
    let (done, rx) = mpsc::sync_channel(1);
    let left = Arc::new(AtomicUsize::new(SOME));
    rt.spawn(async move {
        for _ in 0..SOME {
            let (left, done) = (left.clone(), done.clone());
            tokio::spawn(async move {
                let (tx1, rx1) = oneshot::channel();
                let (tx2, rx2) = oneshot::channel();
                tokio::spawn(async move {
                    rx1.await.unwrap();
                    tx2.send(()).unwrap();
                });
                tx1.send(()).unwrap();
                rx2.await.unwrap();
                if left.fetch_sub(1, Relaxed) == 1 {
                    done.send(()).unwrap();
                }
            });
        }
    });
    rx.recv().unwrap();
}

fn request_reply(rt: &Runtime) {
    let (done, rx) = mpsc::sync_channel(1);
    rt.spawn(async move {
        for i in 0..SOME {
            let (tx, reply) = oneshot::channel();
            tokio::spawn(async move { tx.send(i).unwrap() });
            reply.await.unwrap();
        }
        done.send(()).unwrap();
    });
    rx.recv().unwrap();
}

fn remote_spawn(rt: &Runtime, spawners: usize) {
    const TASKS: usize = 12_800;
    let (tx, rx) = mpsc::sync_channel(1);
    let left = Arc::new(AtomicUsize::new(TASKS));
    let barrier = Arc::new(Barrier::new(spawners));
    for _ in 0..spawners {
        let (left, tx, barrier, rt) = (left.clone(), tx.clone(), barrier.clone(), rt.handle().clone());
        std::thread::spawn(move || {
            barrier.wait();
            for _ in 0..TASKS / spawners {
                let (left, tx) = (left.clone(), tx.clone());
                rt.spawn(async move {
                    if left.fetch_sub(1, Relaxed) == 1 {
                        tx.send(()).unwrap();
                    }
                });
            }
        });
    }
    rx.recv().unwrap();
}

fn spawn_blocking(rt: &Runtime, tasks: usize) {
    let (tx, rx) = mpsc::sync_channel(1);
    let left = Arc::new(AtomicUsize::new(tasks * 100 * 16));
    for _ in 0..tasks {
        let (left, tx) = (left.clone(), tx.clone());
        rt.spawn(async move {
            for _ in 0..100 * 16 {
                let (left, tx) = (left.clone(), tx.clone());
                tokio::task::spawn_blocking(move || {
                    if left.fetch_sub(1, Relaxed) == 1 {
                        tx.send(()).unwrap();
                    }
                });
            }
        });
    }
    rx.recv().unwrap();
}

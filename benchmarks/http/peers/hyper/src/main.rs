//! The server of Tokio's tutorial, with two handlers that misbehave. Usage: `hyper-peer PORT`.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use hyper::header::{HeaderValue, CONTENT_TYPE};
use hyper::service::{make_service_fn, service_fn};
use hyper::{Body, Request, Response, Server, StatusCode};

async fn handle(request: Request<Body>) -> Result<Response<Body>, Infallible> {
    let duration = duration_of(request.uri().query());
    Ok(match request.uri().path() {
        "/" => text("Hello, World!"),
        "/block" => {
            std::thread::sleep(duration);
            text("blocked")
        }
        "/burn" => {
            let start = Instant::now();
            while start.elapsed() < duration {
                std::hint::spin_loop();
            }
            text("burned")
        }
        _ => {
            let mut response = Response::new(Body::empty());
            *response.status_mut() = StatusCode::NOT_FOUND;
            response
        }
    })
}

fn text(body: &'static str) -> Response<Body> {
    let mut response = Response::new(Body::from(body));
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("text/plain"));
    response
}

/// The `ms=` of a query.
fn duration_of(query: Option<&str>) -> Duration {
    let millis = query
        .and_then(|query| query.split('&').find_map(|pair| pair.strip_prefix("ms=")))
        .and_then(|value| value.parse().ok());
    Duration::from_millis(millis.unwrap_or(0))
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let port: u16 = std::env::args().nth(1).ok_or("usage: hyper-peer PORT")?.parse()?;
    let address = SocketAddr::from(([127, 0, 0, 1], port));
    let service = make_service_fn(|_| async { Ok::<_, Infallible>(service_fn(handle)) });
    Server::bind(&address).serve(service).await?;
    Ok(())
}

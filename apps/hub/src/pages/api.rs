//! The console's routes as a description that programs read (OpenAPI 3.1): drawn from the one list of routes and the one table of
//! rights, so that it cannot say anything else than what the gates do.

use axum::{
    Json,
    response::{IntoResponse, Response},
};
use hygie_identity::{Act, Needs, Who};
use serde_json::{Map, Value, json};

use super::routes as all;
use crate::web::route::{Route, Verb};

pub(super) fn routes() -> Vec<Route> {
    vec![Route::get("/api/openapi.json", Act::SeeApi, describe)]
}

async fn describe() -> Response {
    Json(description()).into_response()
}

fn description() -> Value {
    let mut paths: Map<String, Value> = Map::new();
    for route in all() {
        let path = route.path.replace("{*", "{");
        let verb = match route.verb {
            Verb::Get => "get",
            Verb::Post => "post",
        };
        let of_path = paths.entry(path.clone()).or_insert_with(|| json!({}));
        if let Value::Object(verbs) = of_path {
            verbs.insert(verb.to_owned(), operation(&route, &path));
        }
    }
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Hygie console",
            "version": env!("CARGO_PKG_VERSION"),
            "description": "Pages are HTML; what changes something is a form that carries the token `form` of a page shown to the same browser. Rights are those of the one table (x-hygie-roles, x-hygie-needs, x-hygie-sees).",
        },
        "components": { "securitySchemes": {
            "session": { "type": "apiKey", "in": "cookie", "name": crate::web::session::COOKIE },
        } },
        "paths": paths,
    })
}

fn operation(route: &Route, path: &str) -> Value {
    let row = route.act.row();
    let roles: Vec<&str> = row.allowed().map(Who::name).collect();
    let parameters: Vec<Value> = path
        .split('/')
        .filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'))
        .map(|name| json!({ "name": name, "in": "path", "required": true, "schema": { "type": "string" } }))
        .collect();
    let fresh = match row.needs {
        Needs::Nothing => "nothing",
        Needs::FreshSignIn => "a sign-in of the last ten minutes",
        Needs::GuardSignature => "a passkey's signature over the guard's own challenge",
    };
    let mut said = json!({
        "operationId": format!("{} {path}", match route.verb { Verb::Get => "get", Verb::Post => "post" }),
        "summary": route.act.about(),
        "x-hygie-act": row.name,
        "x-hygie-roles": roles,
        "x-hygie-needs": fresh,
        "x-hygie-sees": row.sees,
        "parameters": parameters,
        "responses": responses(route),
    });
    if let Value::Object(fields) = &mut said {
        if !row.allows(Who::Nobody) {
            fields.insert("security".to_owned(), json!([{ "session": [] }]));
        }
        if route.verb == Verb::Post {
            fields.insert("requestBody".to_owned(), json!({
                "required": true,
                "content": { "application/x-www-form-urlencoded": { "schema": {
                    "type": "object",
                    "properties": { "form": { "type": "string", "description": "the token of a page shown to this browser" } },
                    "required": ["form"],
                } } },
            }));
        }
    }
    said
}

fn responses(route: &Route) -> Value {
    let done = match route.verb {
        Verb::Get => {
            json!({ "200": { "description": "the page or file" }, "303": { "description": "leads to the sign-in" } })
        }
        Verb::Post => {
            json!({ "200": { "description": "the page again, with what is missing" }, "303": { "description": "done: leads on" } })
        }
    };
    let Value::Object(mut all) = done else {
        return done;
    };
    for (code, said) in [
        ("400", "what was sent cannot be read"),
        ("403", "this role may not, or the form is of another page"),
        ("404", "there is nothing"),
        ("502", "the guard or the signer does not answer"),
    ] {
        all.insert(code.to_owned(), json!({ "description": said }));
    }
    Value::Object(all)
}

#[cfg(test)]
mod tests {
    use hygie_model::Role;

    use super::*;
    use crate::web::testing::Console;

    #[tokio::test]
    async fn every_route_is_described_with_its_rights() {
        let console = Console::new().await;
        let shown = console
            .signed_in(Role::ItProvider)
            .await
            .get("/api/openapi.json")
            .await;
        let said: Value = serde_json::from_str(&shown.body).unwrap();
        let count: usize = said["paths"]
            .as_object()
            .unwrap()
            .values()
            .map(|verbs| verbs.as_object().unwrap().len())
            .sum();
        assert_eq!(count, all().len());
        assert_eq!(
            said["paths"]["/people"]["get"]["x-hygie-roles"],
            json!(["practitioner", "assistant"])
        );
        assert_eq!(
            said["paths"]["/"]["get"]["security"],
            json!([{ "session": [] }])
        );
        assert!(said["paths"]["/signin"]["get"].get("security").is_none());
    }
}

//! The files around the model: what opens it, and a report with one empty page.

use crate::bi::GeneratedFile;

const SCHEMAS: &str = "https://developer.microsoft.com/json-schemas/fabric";

pub(super) fn files() -> Vec<GeneratedFile> {
    let file = |path: &str, text: String| GeneratedFile { path: format!("power_bi/{path}"), text };
    let page = "rapport.Report/definition/pages";
    vec![
        file(
            "rapport.pbip",
            format!(
                "{{\n  \"$schema\": \"{SCHEMAS}/pbip/pbipProperties/1.0.0/schema.json\",\n  \"version\": \"1.0\",\n  \
                 \"artifacts\": [{{ \"report\": {{ \"path\": \"rapport.Report\" }} }}],\n  \
                 \"settings\": {{ \"enableAutoRecovery\": true }}\n}}\n"
            ),
        ),
        file(
            "rapport.SemanticModel/definition.pbism",
            format!(
                "{{\n  \"$schema\": \"{SCHEMAS}/item/semanticModel/definitionProperties/1.0.0/schema.json\",\n  \
                 \"version\": \"4.2\",\n  \"settings\": {{}}\n}}\n"
            ),
        ),
        file("rapport.SemanticModel/.platform", platform("SemanticModel", "5d1d8b8e-2f0e-4a7e-9b2e-0f7d7e1a5c01")),
        file("rapport.Report/.platform", platform("Report", "5d1d8b8e-2f0e-4a7e-9b2e-0f7d7e1a5c02")),
        file(
            "rapport.Report/definition.pbir",
            format!(
                "{{\n  \"$schema\": \"{SCHEMAS}/item/report/definitionProperties/2.0.0/schema.json\",\n  \
                 \"version\": \"4.0\",\n  \"datasetReference\": {{ \"byPath\": {{ \"path\": \"../rapport.SemanticModel\" }} }}\n}}\n"
            ),
        ),
        file(
            "rapport.Report/definition/version.json",
            format!(
                "{{\n  \"$schema\": \"{SCHEMAS}/item/report/definition/versionMetadata/1.0.0/schema.json\",\n  \
                 \"version\": \"2.0.0\"\n}}\n"
            ),
        ),
        file(
            "rapport.Report/definition/report.json",
            format!(
                "{{\n  \"$schema\": \"{SCHEMAS}/item/report/definition/report/1.0.0/schema.json\",\n  \
                 \"layoutOptimization\": \"None\",\n  \"themeCollection\": {{}}\n}}\n"
            ),
        ),
        file(
            &format!("{page}/pages.json"),
            format!(
                "{{\n  \"$schema\": \"{SCHEMAS}/item/report/definition/pagesMetadata/1.0.0/schema.json\",\n  \
                 \"pageOrder\": [\"relationships\"],\n  \"activePageName\": \"relationships\"\n}}\n"
            ),
        ),
        file(
            &format!("{page}/relationships/page.json"),
            format!(
                "{{\n  \"$schema\": \"{SCHEMAS}/item/report/definition/page/1.0.0/schema.json\",\n  \
                 \"name\": \"relationships\",\n  \"displayName\": \"Relationships\",\n  \"displayOption\": \"FitToPage\",\n  \
                 \"height\": 720,\n  \"width\": 1280\n}}\n"
            ),
        ),
    ]
}

/// Ids of the items; another workspace gives them its own.
fn platform(kind: &str, id: &str) -> String {
    format!(
        "{{\n  \"$schema\": \"{SCHEMAS}/gitIntegration/platformProperties/2.0.0/schema.json\",\n  \
         \"metadata\": {{ \"type\": \"{kind}\", \"displayName\": \"rapport\" }},\n  \
         \"config\": {{ \"version\": \"2.0\", \"logicalId\": \"{id}\" }}\n}}\n"
    )
}

"""Reads events, one per line, into the classes of the official client, and prints how many facets of which kind it took.

A class refuses fields that its schema does not have, and its validators refuse wrong ids, times and URLs.
"""

import collections
import importlib
import json
import pkgutil
import sys

import attr
import openlineage.client.generated as generated
from openlineage.client import event_v2
from openlineage.client.serde import Serde

modules = [importlib.import_module(f"{generated.__name__}.{one.name}") for one in pkgutil.iter_modules(generated.__path__)]
classes = {name: value for module in modules for name, value in vars(module).items() if attr.has(value)}
counts = collections.Counter()


def built(cls, value):
    """An object of a class, and of the classes of its fields as far as the annotations name them."""
    hints = {field.name.lstrip("_"): field for field in attr.fields(cls)}
    arguments = {}
    for name, part in value.items():
        assert name in hints, f"{cls.__name__} has no field {name}"
        arguments[name] = nested(str(hints[name].type), part)
    return cls(**arguments)


def nested(annotation, part):
    named = [name for name in classes if name in annotation.replace("[", " ").replace("]", " ").split()]
    if not named:
        return part
    cls = classes[named[0]]
    if isinstance(part, list):
        return [built(cls, one) for one in part]
    if annotation.startswith("dict"):
        return {key: built(cls, one) for key, one in part.items()}
    return built(cls, part)


def facets(found):
    """Facets by their names: the schema that each says it has must be that of a class."""
    taken = {}
    for name, value in found.items():
        schema = value.pop("_schemaURL")
        producer = value.pop("_producer")
        cls = classes[schema.rsplit("/", 1)[1]]
        assert cls._get_schema() == schema, f"{schema} is not {cls._get_schema()}"
        taken[name] = built(cls, value)
        taken[name]._producer = producer
        counts[cls.__name__] += 1
    return taken


def dataset(cls, value, further):
    own = facets(value.pop("facets"))
    more = {further: facets(value.pop(further, {}))}
    return cls(facets=own, **more, **value)


for line in open(sys.argv[1]):
    event = json.loads(line)
    assert event.pop("schemaURL") == event_v2.RunEvent._get_schema()
    run, job = event.pop("run"), event.pop("job")
    inputs, outputs = event.pop("inputs"), event.pop("outputs")
    read = event_v2.RunEvent(
        eventType=event_v2.RunState(event.pop("eventType")),
        run=event_v2.Run(runId=run["runId"], facets=facets(run["facets"])),
        job=event_v2.Job(namespace=job["namespace"], name=job["name"], facets=facets(job["facets"])),
        inputs=[dataset(event_v2.InputDataset, one, "inputFacets") for one in inputs],
        outputs=[dataset(event_v2.OutputDataset, one, "outputFacets") for one in outputs],
        **event,
    )
    json.loads(Serde.to_json(read))
    counts[read.eventType.value] += 1
print(json.dumps(counts))

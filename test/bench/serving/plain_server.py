"""The yardstick: a plain model server as it is usually written, FastAPI and onnxruntime, one worker.

    python test/bench/serving/plain_server.py MODEL_FOLDER PORT

It takes and answers the same bodies as the project's own server, and checks as little as most do.
"""

import json
import sys
from pathlib import Path

import numpy as np
import onnxruntime
import uvicorn
from fastapi import FastAPI
from pydantic import BaseModel

folder, port = Path(sys.argv[1]), int(sys.argv[2])
contract = json.loads((folder / "model.json").read_text(encoding="utf-8"))
options = onnxruntime.SessionOptions()
options.intra_op_num_threads = 1
session = onnxruntime.InferenceSession(folder / "model.onnx", options, providers=["CPUExecutionProvider"])
app = FastAPI()


class Request(BaseModel):
    """Rows of raw features by position."""

    instances: list[list[float]]


@app.get("/ping")
def ping() -> dict:
    """Says that the model is loaded."""
    return {}


@app.post("/invocations")
async def invocations(request: Request) -> dict:
    """Class probabilities of every row."""
    rows = np.asarray(request.instances, dtype=np.float32)
    scores = session.run([contract["graph"]["output"]], {contract["graph"]["input"]: rows})[0]
    best = scores.argmax(axis=1)
    return {
        "model": {"name": contract["name"], "version": contract["version"]},
        "predictions": [
            {
                "label": contract["classes"][answer],
                "class": int(answer),
                "confidence": float(row[answer]),
                "probabilities": dict(zip(contract["classes"], row.tolist())),
            }
            for answer, row in zip(best, scores)
        ],
    }


uvicorn.run(app, host="127.0.0.1", port=port, log_level="error", access_log=False)

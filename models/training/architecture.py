"""The network of a specialist, with the parameter names that its checkpoints carry."""

from __future__ import annotations

import torch
from torch import Tensor, nn

ATTENTION_WIDTH = 64
BLOCK_WIDTHS = (512, 256, 128, 64)


class Attention(nn.Module):
    """Attention of a flow to itself, with a residual.

    A flow is a single token, so the softmax over its scores is 1 whatever `query` and `key` say: both are
    part of every checkpoint, and neither changes an answer.
    """

    def __init__(self, features: int, dropout: float) -> None:
        super().__init__()
        self.query = nn.Linear(features, ATTENTION_WIDTH)
        self.key = nn.Linear(features, ATTENTION_WIDTH)
        self.value = nn.Linear(features, ATTENTION_WIDTH)
        self.output = nn.Linear(ATTENTION_WIDTH, features)
        self.dropout = nn.Dropout(dropout)

    def forward(self, rows: Tensor) -> Tensor:
        """Rows of the same shape, each with what it attends to added."""
        return rows + self.dropout(self.output(self.value(rows)))


class Block(nn.Module):
    """Linear, batch normalisation, ReLU, dropout."""

    def __init__(self, inputs: int, outputs: int, dropout: float) -> None:
        super().__init__()
        self.linear = nn.Linear(inputs, outputs)
        self.batch_norm = nn.BatchNorm1d(outputs)
        self.dropout = nn.Dropout(dropout)

    def forward(self, rows: Tensor) -> Tensor:
        """Rows of `outputs` values."""
        return self.dropout(torch.relu(self.batch_norm(self.linear(rows))))


class Specialist(nn.Module):
    """Class logits of scaled flows.

    Parameters by name: `feature_interaction`, `attention.{query,key,value,output}`,
    `feature_extractor.{0..3}.{linear,batch_norm}`, `skip_connections.{0,1}`, `classifier`, `uncertainty_head`;
    280,647 values at 79 features and 7 classes.
    """

    def __init__(self, features: int, classes: int, dropout: float = 0.3, attention_dropout: float = 0.1) -> None:
        super().__init__()
        self.feature_interaction = nn.Linear(features, features)
        self.attention = Attention(features, attention_dropout)
        widths = (features, *BLOCK_WIDTHS)
        self.feature_extractor = nn.ModuleList(
            [Block(inputs, outputs, dropout) for inputs, outputs in zip(widths, widths[1:])]
        )
        last = BLOCK_WIDTHS[-1]
        self.skip_connections = nn.ModuleList([nn.Linear(features, last), nn.Linear(BLOCK_WIDTHS[0], last)])
        self.classifier = nn.Linear(last, classes)
        self.uncertainty_head = nn.Linear(last, 1)

    def embed(self, rows: Tensor) -> Tensor:
        """The 64 values a flow is judged by: the last block plus both skips, one from the input, one from the first block."""
        rows = rows + torch.relu(self.feature_interaction(rows))
        rows = self.attention(rows)
        first = self.feature_extractor[0](rows)
        last = first
        for block in self.feature_extractor[1:]:
            last = block(last)
        last = last + torch.relu(self.skip_connections[0](rows))
        return last + torch.relu(self.skip_connections[1](first))

    def forward(self, rows: Tensor) -> Tensor:
        """Logits, one a class; rows are scaled flows, float32 of shape [batch, features]."""
        return self.classifier(self.embed(rows))

    def uncertainty(self, rows: Tensor) -> Tensor:
        """The uncertainty head's answer, 0 to 1, of shape [batch, 1]."""
        return torch.sigmoid(self.uncertainty_head(self.embed(rows)))


def parameter_count(model: nn.Module) -> int:
    """How many values training may change; the running figures of batch normalisation are not among them."""
    return sum(parameter.numel() for parameter in model.parameters())

"""Makes the model files of this folder. See README.md. Runs with Debian 12's Python: /usr/bin/python3 make.py"""

import json

import numpy as np
import onnx
import torch
import xgboost
from onnx import TensorProto, helper
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

NAMES = ["request.amount", "card_activity.tx_count_1d", "card_activity.amount_avg_1d", "card_activity.biggest_1d"]
FLOAT, DOUBLE, INT64, STRING = TensorProto.FLOAT, TensorProto.DOUBLE, TensorProto.INT64, TensorProto.STRING
ML = "ai.onnx.ml"


def rows(count, seed):
    random = np.random.default_rng(seed)
    average = random.lognormal(3, 0.7, count)
    amount = average * random.lognormal(0, 0.8, count)
    x = np.stack([amount, random.integers(0, 12, count), average, np.maximum(amount, average * 1.5)], axis=1).astype(np.float32)
    odds = amount / average - 2.5 + 0.2 * x[:, 1] + random.normal(0, 0.5, count)
    return x, (odds > 0).astype(np.int64)


def expect(name, x, scores):
    """Rows with the scores that the tool itself gives, for the test to compare with."""
    with open(name + ".csv", "w") as file:
        file.write(",".join(NAMES + ["score"]) + "\n")
        for row, score in zip(x, scores):
            file.write(",".join(["" if np.isnan(v) else repr(float(v)) for v in row] + [repr(float(score))]) + "\n")


def save(name, nodes, inputs, outputs, initializers=()):
    graph = helper.make_graph(nodes, name, inputs, outputs, initializers)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 15), helper.make_opsetid(ML, 2)])
    model.ir_version = 8
    onnx.save(model, name + ".onnx")


def value(name, kind, shape):
    return helper.make_tensor_value_info(name, kind, shape)


def zip_map(labels):
    """The label and the ZipMap that classifiers end with."""
    key, kind = ("classlabels_strings", STRING) if isinstance(labels[0], str) else ("classlabels_int64s", INT64)
    node = helper.make_node("ZipMap", ["probabilities"], ["output_probability"], domain=ML, **{key: labels})
    maps = onnx.ValueInfoProto(name="output_probability")
    entry = maps.type.sequence_type.elem_type.map_type
    entry.key_type = kind
    entry.value_type.tensor_type.elem_type = FLOAT
    return node, [value("output_label", kind, [None]), maps]


def logistic(name, x, y, test, split):
    """A scikit-learn pipeline; split: one input a feature, as a table's columns come."""
    pipeline = make_pipeline(StandardScaler(), LogisticRegression()).fit(x, y)
    scaler, model = pipeline[0], pipeline[1]
    nodes, inputs, source = [], [value("float_input", FLOAT, [None, 4])], "float_input"
    if split:
        inputs = [value(one.split(".")[1], FLOAT, [None, 1]) for one in NAMES]
        nodes = [helper.make_node("Concat", [one.name for one in inputs], ["columns"], axis=1)]
        source = "columns"
    zipped, outputs = zip_map([0, 1])
    nodes += [
        helper.make_node("Scaler", [source], ["scaled"], domain=ML, offset=scaler.mean_.tolist(), scale=(1 / scaler.scale_).tolist()),
        helper.make_node(
            "LinearClassifier", ["scaled"], ["output_label", "raw"], domain=ML, classlabels_ints=[0, 1], multi_class=0,
            coefficients=np.concatenate([-model.coef_[0], model.coef_[0]]).tolist(),
            intercepts=[-model.intercept_[0], model.intercept_[0]], post_transform="LOGISTIC"),
        helper.make_node("Normalizer", ["raw"], ["probabilities"], domain=ML, norm="L1"),
        zipped,
    ]
    save(name, nodes, inputs, outputs)
    expect(name, test, pipeline.predict_proba(test)[:, 1])


class Trees:
    """The parallel lists of a TreeEnsembleClassifier."""

    def __init__(self):
        keys = ["nodes_treeids", "nodes_nodeids", "nodes_featureids", "nodes_values", "nodes_modes", "nodes_truenodeids",
                "nodes_falsenodeids", "nodes_missing_value_tracks_true", "class_treeids", "class_nodeids", "class_ids", "class_weights"]
        self.lists = {key: [] for key in keys}

    def node(self, tree, at, feature=0, threshold=0.0, mode="LEAF", yes=0, no=0, missing=0):
        values = [tree, at, feature, threshold, mode, yes, no, missing]
        for key, item in zip(list(self.lists)[:8], values):
            self.lists[key].append(item)

    def weight(self, tree, at, label, weight):
        for key, item in zip(list(self.lists)[8:], [tree, at, label, weight]):
            self.lists[key].append(item)


def forest(name, x, y, test):
    model = RandomForestClassifier(12, max_depth=4, random_state=1).fit(x, np.where(y == 1, "fraud", "legit"))
    trees = Trees()
    for at, one in enumerate(model.estimators_):
        tree = one.tree_
        for node in range(tree.node_count):
            if tree.children_left[node] < 0:
                trees.node(at, node)
                share = tree.value[node][0] / tree.value[node][0].sum() / len(model.estimators_)
                for label in range(2):
                    trees.weight(at, node, label, float(share[label]))
            else:
                # scikit-learn compares floats with a double threshold: the largest float that is not above it says the same.
                threshold = np.float32(tree.threshold[node])
                if threshold > tree.threshold[node]:
                    threshold = np.nextafter(threshold, np.float32(-np.inf))
                trees.node(at, node, int(tree.feature[node]), float(threshold), "BRANCH_LEQ",
                           int(tree.children_left[node]), int(tree.children_right[node]))
    zipped, outputs = zip_map(["fraud", "legit"])
    node = helper.make_node("TreeEnsembleClassifier", ["X"], ["output_label", "probabilities"], domain=ML,
                            classlabels_strings=["fraud", "legit"], post_transform="NONE", **trees.lists)
    save(name, [node, zipped], [value("X", FLOAT, [None, 4])], outputs)
    expect(name, test, model.predict_proba(test)[:, 0])


def boosted(name, x, y, test):
    x, test = x.copy(), test.copy()
    x[::7, 2] = np.nan
    test[::5, 2] = np.nan
    model = xgboost.XGBClassifier(n_estimators=20, max_depth=3, learning_rate=0.3, base_score=0.5).fit(x, y)
    trees = Trees()
    for at, text in enumerate(model.get_booster().get_dump(dump_format="json")):
        open_nodes = [json.loads(text)]
        while open_nodes:
            node = open_nodes.pop()
            if "leaf" in node:
                trees.node(at, node["nodeid"])
                trees.weight(at, node["nodeid"], 1, node["leaf"])
                continue
            trees.node(at, node["nodeid"], int(node["split"][1:]), node["split_condition"], "BRANCH_LT",
                       node["yes"], node["no"], int(node["missing"] == node["yes"]))
            open_nodes += node["children"]
    node = helper.make_node("TreeEnsembleClassifier", ["input"], ["label", "probabilities"], domain=ML, classlabels_int64s=[0, 1],
                            post_transform="LOGISTIC", **trees.lists)
    save(name, [node], [value("input", FLOAT, [None, 4])],
         [value("label", INT64, [None]), value("probabilities", FLOAT, [None, 2])])
    expect(name, test, model.predict_proba(test)[:, 1])


class Net(torch.nn.Module):
    """Two layers; an embedding of the count; the score and the hidden layer as two outputs."""

    def __init__(self):
        super().__init__()
        self.counts = torch.nn.Embedding(16, 3)
        self.hidden = torch.nn.Linear(6, 8)
        self.last = torch.nn.Linear(8, 1)

    def forward(self, amounts, count):
        hidden = torch.relu(self.hidden(torch.cat([torch.log1p(amounts), self.counts(count)], dim=1)))
        return torch.sigmoid(self.last(hidden)), hidden


def nets(test):
    torch.manual_seed(3)
    net = torch.nn.Sequential(torch.nn.Linear(4, 8), torch.nn.Tanh(), torch.nn.Linear(8, 1), torch.nn.Sigmoid())
    names = {"input_names": ["features"], "output_names": ["score"]}
    scaled = test / 50
    torch.onnx.export(net, torch.tensor(scaled[:2]), "torch.onnx", dynamic_axes={"features": {0: "n"}, "score": {0: "n"}}, **names)
    expect("torch", scaled, net(torch.tensor(scaled)).detach().numpy()[:, 0])
    double = net.double()
    torch.onnx.export(double, torch.tensor(scaled[:1], dtype=torch.float64), "torch_double_one_row.onnx", **names)
    expect("torch_double_one_row", scaled, double(torch.tensor(scaled, dtype=torch.float64)).detach().numpy()[:, 0])
    wide = torch.nn.Sequential(torch.nn.Linear(4, 3), torch.nn.Softmax(dim=1))
    torch.onnx.export(wide, torch.tensor(scaled[:2]), "torch_three_classes.onnx",
                      dynamic_axes={"features": {0: "n"}, "score": {0: "n"}}, **names)
    expect("torch_three_classes", scaled, wide(torch.tensor(scaled)).detach().numpy()[:, 2])
    net, amounts, count = Net(), torch.tensor(test[:, [0, 2, 3]]), torch.tensor(test[:, 1].astype(np.int64))
    torch.onnx.export(net, (amounts[:2], count[:2]), "torch_embedding.onnx", input_names=["amounts", "count"],
                      output_names=["score", "hidden"], dynamic_axes={n: {0: "n"} for n in ["amounts", "count", "score", "hidden"]})
    expect("torch_embedding", test, net(amounts, count)[0].detach().numpy()[:, 0])


def refused():
    """A one-hot encoder of a text, which a vector of numbers cannot feed."""
    node = helper.make_node("OneHotEncoder", ["currency"], ["encoded"], domain=ML, cats_strings=["EUR", "USD"])
    save("string_input", [node, helper.make_node("Flatten", ["encoded"], ["score"])],
         [value("currency", STRING, [None, 1])], [value("score", FLOAT, [None, 2])])


def endless(name, nodes, condition, initializers):
    """The score is the first feature's logistic, after a loop that leaves it as it is and ends only where the condition is false."""
    body = helper.make_graph(
        [helper.make_node("Identity", ["go"], ["go_on"]), helper.make_node("Identity", ["was"], ["is"])], "body",
        [value("pass", INT64, []), value("go", TensorProto.BOOL, []), value("was", FLOAT, None)],
        [value("go_on", TensorProto.BOOL, []), value("is", FLOAT, None)])
    graph = [helper.make_node("Gather", ["features", "first"], ["amount"], axis=1), *nodes,
             helper.make_node("Loop", ["", condition, "amount"], ["same"], body=body), helper.make_node("Sigmoid", ["same"], ["score"])]
    save(name, graph, [value("features", FLOAT, [None, 4])], [value("score", FLOAT, [None, 1])],
         [helper.make_tensor("first", INT64, [1], [0]), *initializers])


def loops():
    endless("endless", [], "yes", [helper.make_tensor("yes", TensorProto.BOOL, [], [True])])
    above = [helper.make_node("ReduceMax", ["amount"], ["largest"], keepdims=0), helper.make_node("Greater", ["largest", "limit"], ["is_above"])]
    endless("endless_above_1000", above, "is_above", [helper.make_tensor("limit", FLOAT, [], [1000.0])])


def wrong_classes():
    """Probabilities of two classes, which a ZipMap gives three names."""
    node, outputs = zip_map([0, 1, 2])
    nodes = [helper.make_node("Gather", ["X", "first"], ["amount"], axis=1), helper.make_node("Sigmoid", ["amount"], ["yes"]),
             helper.make_node("Sub", ["one", "yes"], ["no"]), helper.make_node("Concat", ["no", "yes"], ["probabilities"], axis=1), node]
    save("zipmap_three_of_two", nodes, [value("X", FLOAT, [None, 4])], outputs[1:],
         [helper.make_tensor("first", INT64, [1], [0]), helper.make_tensor("one", FLOAT, [], [1.0])])


def main():
    x, y = rows(2000, 1)
    test, _ = rows(60, 2)
    logistic("sklearn_logistic", x, y, test, split=False)
    logistic("sklearn_columns", x, y, test, split=True)
    forest("sklearn_forest", x, y, test)
    boosted("xgboost", x, y, test)
    nets(test)
    refused()
    loops()
    wrong_classes()


main()

using Streaming.Offline.Training.Protocols;

namespace Streaming.Offline.Tests.Training.Protocols;

public sealed class TrainingProtocolsSpec
{
    [Fact]
    public void Everything_that_is_declared_is_read()
    {
        var protocol = Protocols.Small();
        Assert.Equal(("small", "fraud", "fraud", "card_id"), (protocol.Name, protocol.Model, protocol.Label?.Value, protocol.Card?.Value));
        Assert.Equal((4, 2, 3), (protocol.Split.TrainDays, protocol.Split.DelayDays, protocol.Split.TestDays));
        Assert.Equal([DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddDays(1)], protocol.Validation.AsEnumerable());
        Assert.Equal([DateTimeOffset.UnixEpoch.AddDays(8)], protocol.Test.AsEnumerable());
        Assert.Equal(new SearchBudget(3, 1, ChosenMetric.AveragePrecision, 4, 8), protocol.Search);
        Assert.Equal(CalibrationMethod.Isotonic, protocol.Calibration);
        Assert.Equal(("amount", 20.0, 2.0), (protocol.Costs!.MissedFeature!.Value.Value, protocol.Costs.FalseAlarm, protocol.Costs.Review));
        Assert.Equal(["line", "trees"], protocol.Candidates.Select(candidate => candidate.Name));
        var trees = protocol.Candidates[1];
        Assert.Equal((LearnerKind.LightGbm, "s", 40), (trees.Learner, trees.Service.Value, trees.Rounds));
        Assert.Equal([4, 8], trees.Space[0].Value.AsEnumerable());
        Assert.Equal(["money", "risk"], trees.Groups.Select(group => group.Key));
        Assert.Equal("amount", Assert.Single(trees.Ascending).Value);
    }

    [Theory]
    [InlineData("model = fraud", "", "FV015 models/small.conf:1:1")]
    [InlineData("review = 2", "review = 2, reveiw = 3", "FV014 models/small.conf:10:64")]
    [InlineData("choose-by = average_precision", "choose-by = precision", "TR002 models/small.conf:7:46")]
    [InlineData("choose-by = average_precision", "choose-by = mean, choose = simplest", "TR002 models/small.conf:7:61")]
    [InlineData("calibration = isotonic", "calibration = isotonik", "TR002 models/small.conf:9:17")]
    [InlineData("\"1970-01-02\"", "\"1970-13-02\"", "TR003 models/small.conf:6:39")]
    [InlineData("delay = 2d", "delay = 36h", "TR004 models/small.conf:5:31")]
    [InlineData("delay = 2d", "delay = soon", "FV024 models/small.conf:5:31")]
    [InlineData("trials = 3", "trials = 0", "TR005 models/small.conf:7:21")]
    [InlineData("trials = 3", "trials = 2.5", "TR005 models/small.conf:7:21")]
    [InlineData("rounds = 40", "rounds = many", "FV039 models/small.conf:16:16")]
    [InlineData("learning_rate = [0.1, 0.3]", "learning_rate = [0.1, 3]", "TR005 models/small.conf:17:58")]
    [InlineData("l2 = [0.1, 1]", "num_leaves = [4]", "FV014 models/small.conf:12:64")]
    [InlineData("learner = logistic-regression", "learner = logistic", "TR002 models/small.conf:12:22")]
    [InlineData("\"1970-01-02\"", "\"1970-01-07\"", "TR006 models/small.conf:6:9")]
    [InlineData("model = fraud", "model = fraud\n  map { card_id = \"a=b\" }", "TR010 models/small.conf:3:7")]
    public void A_mistake_is_told_with_its_code_file_line_and_column(string right, string wrong, string expected)
    {
        Assert.Contains(right, Protocols.Text, StringComparison.Ordinal);
        var (protocols, diagnostics) = Protocols.Read(Protocols.Text.Replace(right, wrong, StringComparison.Ordinal));
        Assert.Empty(protocols);
        Assert.StartsWith(expected + " ", Assert.Single(diagnostics).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Two_trainings_of_one_name_are_told() =>
        Assert.Equal("TR001", Assert.Single(Protocols.Read(Protocols.Text + "\n" + Protocols.Text).Diagnostics, each => each.Code.StartsWith("TR", StringComparison.Ordinal)).Code);

    [Fact]
    public void Models_beside_trainings_are_passed_over() =>
        Assert.Single(Protocols.Read("model fraud { service = fraud }\n" + Protocols.Text).Protocols);

    [Fact]
    public void All_points_of_a_small_space_are_tried_in_order()
    {
        var points = ParameterDraw.Points(Protocols.Small().Candidates[0].Space, trials: 5, seed: 1);
        Assert.Equal([0.1, 1], points.Select(point => Assert.Single(point).Value));
    }

    [Fact]
    public void Of_a_large_space_different_points_are_drawn_the_same_for_a_seed()
    {
        var space = Protocols.Small().Candidates[1].Space;
        string[] Draw(int seed) => [.. ParameterDraw.Points(space, trials: 6, seed).Select(point => string.Join(' ', point))];
        Assert.Equal(6, Draw(3).Distinct().Count());
        Assert.Equal(Draw(3), Draw(3));
        Assert.NotEqual(Draw(3), Draw(4));
    }

    [Fact]
    public void A_feature_group_is_named_by_features_or_by_a_view()
    {
        string[] Of(params string[] names) => [.. FeatureGroup.Matching(["a.x_1d", "a.y", "ab.x", "z"], names.AsEnumerable())];
        Assert.Equal(["a.x_1d", "a.y", "z"], Of("a.*", "z", "a.y"));
        Assert.Empty(Of("b.*", "x"));
    }
}

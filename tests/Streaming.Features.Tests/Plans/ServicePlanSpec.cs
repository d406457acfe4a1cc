using Streaming.Features.Events;
using Streaming.Features.Plans;

namespace Streaming.Features.Tests.Plans;

public class ServicePlanSpec
{
    private static readonly EventSource[] s_sources =
    [
        new("payments",
        [
            new("from_id", FieldType.Text, Nullable: false),
            new("to_id", FieldType.Text, Nullable: false),
            new("amount", FieldType.Number, Nullable: false),
            new("ts", FieldType.Time, Nullable: false),
        ]),
        new("logins", [new("account", FieldType.Text, Nullable: false), new("ts", FieldType.Time, Nullable: false)]),
    ];

    [Theory]
    [InlineData(1e39)]
    [InlineData(-1e39)]
    [InlineData(double.MaxValue)]
    public void What_is_too_large_for_a_float_is_not_known(double amount)
    {
        var service = Compile(View("sent", "account", "payments", "from_id"), "request.amount, twice", "twice = \"request.amount * 2\"").Services[0];
        var request = new EventBatch(s_sources[0], [], 1) { Count = 1 };
        request.Numbers(2)[0] = amount;
        var vector = new float[2];
        service.Assemble([], request, 0, vector);
        Assert.Equal([float.NaN, float.NaN], vector);
        request.Numbers(2)[0] = 3e38;
        service.Assemble([], request, 0, vector);
        Assert.Equal([3e38f, float.NaN], vector);
    }

    [Fact]
    public void An_entity_is_named_by_the_key_that_the_request_has()
    {
        var views = View("logins", "account", "logins", "account") + View("sent", "account", "payments", "from_id");
        var read = Assert.Single(Compile(views, "logins.n, sent.n").Services[0].Entities);
        Assert.Equal(s_sources[0].IndexOf("from_id"), read.KeyField);
    }

    [Fact]
    public void Views_of_one_entity_with_two_keys_of_the_request_are_refused()
    {
        var views = View("sent", "account", "payments", "from_id") + View("received", "account", "payments", "to_id");
        var (_, diagnostics) = FeatureCatalog.Compile([("a.conf", views + Service("sent.n, received.n"))], s_sources);
        Assert.Equal(
            "FV068 a.conf:3:17 a request names one account, but \"sent\" is keyed by from_id and \"received\" by to_id; give one of them an entity of its own",
            Assert.Single(diagnostics).ToString());
        Assert.Equal(2, Compile(views.Replace("entity = account, source = payments, key = to_id", "entity = payee, source = payments, key = to_id", StringComparison.Ordinal), "sent.n, received.n").Services[0].Entities.Length);
    }

    [Fact]
    public void An_entity_that_a_request_cannot_name_is_refused_with_the_ways_out()
    {
        var views = View("logins", "account", "logins", "account");
        var (_, diagnostics) = FeatureCatalog.Compile([("a.conf", views + Service("logins.n"))], s_sources);
        Assert.Equal(
            "FV069 a.conf:2:17 the service reads \"logins\", but a request of payments has no text field account that names the account; "
            + "set request = logins, key \"logins\" by a text field of payments, or leave its features out",
            Assert.Single(diagnostics).ToString());
    }

    [Fact]
    public void One_key_of_one_source_names_entities_of_one_type()
    {
        var views = View("a", "account", "payments", "from_id") + View("b", "acount", "payments", "from_id");
        Assert.Equal(
            "FV027 a.conf:2:27 found the entity \"acount\", but from_id of payments names a \"account\" at a.conf:1:27; did you mean \"account\"?",
            Assert.Single(FeatureCatalog.Compile([("a.conf", views)], s_sources).Diagnostics).ToString());
    }

    [Theory]
    [InlineData("count = \"*\"", true)]
    [InlineData("count = \"*\", over = 7d, ttl = 1d", false)]
    [InlineData("sum = amount", false)]
    public void An_element_is_a_count_where_it_is_one_for_every_entity(string feature, bool isCount)
    {
        var view = View("sent", "account", "payments", "from_id").Replace("n.count = \"*\"", $"n {{ {feature} }}", StringComparison.Ordinal);
        var service = Compile(view, feature.Contains("over", StringComparison.Ordinal) ? "sent.n_7d" : "sent.n").Services[0];
        Assert.Equal(isCount, service.IsCount(0));
    }

    private static FeatureCatalog Compile(string views, string features, string derived = "")
    {
        var (catalog, diagnostics) = FeatureCatalog.Compile([("a.conf", views + Service(features, derived))], s_sources);
        Assert.True(diagnostics.IsEmpty, string.Join('\n', diagnostics));
        return catalog!;
    }

    private static string View(string name, string entity, string source, string key) =>
        $"feature-view {name} {{ entity = {entity}, source = {source}, key = {key}, time = ts, features {{ n.count = \"*\" }} }}\n";

    private static string Service(string features, string derived = "") =>
        $"feature-service s {{ request = payments, features = [{features}], derived {{ {derived} }} }}\n";
}

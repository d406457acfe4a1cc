using System.Net;
using System.Text;
using System.Text.Json;
using Streaming.Ingest;
using Streaming.Log;
using Streaming.Node.Tests.Fakes;

namespace Streaming.Node.Tests;

public sealed class ProblemSpec
{
    [Theory]
    [InlineData("""{"card_id":"c","amount":1""", "malformed-json", "line 1, byte 26")]
    [InlineData("", "malformed-json", "The body is empty, expected JSON")]
    [InlineData("""{"card_id":"c","amount":1} x""", "malformed-json", "line 1, byte 28")]
    [InlineData("""{"card_id":"c","amount":NaN}""", "malformed-json", "line 1, byte 25")]
    [InlineData("""[{"card_id":"c","amount":1}]""", "wrong-shape", "found an array")]
    [InlineData("""{"card_id":"c","amuont":1}""", "unknown-field", "did you mean \"amount\"?")]
    [InlineData("""{"card_id":"c","a_name_that_is_longer_than_anybody_would_want_to_read_in_an_answer":1}""", "unknown-field", "\"a_name_that_is_longer_than_anybody_would...\" is not a field")]
    [InlineData("""{"card_id":"c","amount":1,"amount":2}""", "duplicate-field", "\"amount\" is given twice")]
    [InlineData("""{"card_id":"c"}""", "missing-field", "every request needs card_id and amount")]
    [InlineData("""{"card_id":null,"amount":1}""", "invalid-value", "\"card_id\" is null")]
    [InlineData("""{"card_id":"","amount":1}""", "invalid-value", "\"card_id\" is empty")]
    [InlineData("""{"card_id":"c","amount":1,"event_id":""}""", "invalid-value", "\"event_id\" is empty")]
    [InlineData("""{"card_id":"c","amount":1,"ts":"1970-01-18T17:51:21.6Z"}""", "invalid-value", "\"ts\" is not a time")]
    [InlineData("""{"card_id":7,"amount":1}""", "invalid-value", "\"card_id\" is a number, expected a text")]
    [InlineData("""{"card_id":"c","amount":"250"}""", "invalid-value", "\"amount\" is a text, expected a number")]
    [InlineData("""{"card_id":"c","amount":-0.01}""", "invalid-value", "\"amount\" is -0.01, expected 0 or more")]
    [InlineData("""{"card_id":"c","amount":1e999}""", "invalid-value", "to 2^53")]
    [InlineData("""{"card_id":"c","amount":4e38}""", "invalid-value", "\"amount\" is out of range: numbers must be 0, or from 2^-108")]
    [InlineData("""{"card_id":"c","amount":1,"ts":"yesterday"}""", "invalid-value", "\"ts\" is not a time, expected ISO 8601")]
    [InlineData("""{"card_id":"c","amount":1,"ts":"2018-08-01T00:00:00"}""", "invalid-value", "with an offset")]
    [InlineData("""{"card_id":"c","amount":1,"ts":1533081600}""", "invalid-value", "milliseconds since 1970 (seconds times 1000)")]
    [InlineData("""{"card_id":"c","amount":1,"ts":1e300}""", "invalid-value", "\"ts\" is not a time")]
    [InlineData("""{"card_id":"c","amount":1,"ts":"1899-12-31T23:59:59Z"}""", "invalid-value", "in the years 1900 to 9999")]
    [InlineData("""{"card_id":"c","amount":1,"ts":"2099-01-01T00:00:00Z"}""", "invalid-value", "\"ts\" is 2099-01-01T00:00:00.000Z, more than 10m (streaming.engine.future-tolerance) ahead of")]
    [InlineData("""{"card_id":"\ud800","amount":1}""", "invalid-value", "not valid text")]
    [InlineData("""{"\ud800":"c","amount":1}""", "malformed-json", "surrogate")]
    public async Task A_wrong_request_to_score_says_what_is_wrong_and_how_to_fix_it(string json, string name, string says)
    {
        await using var node = await TestNode.StartAsync();
        using var answer = await node.PostAsync("/score", json);
        await ProblemAssert.IsAsync(answer, HttpStatusCode.BadRequest, name, says);
    }

    [Theory]
    [InlineData("GET", "/features/crad/c1", "", 404, "unknown-entity", "did you mean \"card\"?")]
    [InlineData("GET", "/features/card/c1?at=soon", "", 400, "invalid-time", "\"at\" is \"soon\"")]
    [InlineData("GET", "/features/card/c1?ta=1", "", 400, "unknown-parameter", "expected \"at\"")]
    [InlineData("POST", "/score?exlain=true", """{"card_id":"c","amount":1}""", 400, "unknown-parameter", "\"exlain\" is not a parameter here, expected \"explain\"")]
    [InlineData("POST", "/score/batch?explain=1&x", """[{"card_id":"c","amount":1}]""", 400, "unknown-parameter", "\"x\" is not a parameter here, expected \"explain\"")]
    [InlineData("POST", "/models/fraud/score?exlain=true", """{"card_id":"c","amount":1}""", 400, "unknown-parameter", "expected \"explain\"")]
    [InlineData("POST", "/features?at=1", """{"entities":[{"entity":"card","key":"c1"}]}""", 400, "unknown-parameter", "this route takes none")]
    [InlineData("POST", "/events/transactions?dry=1", "[]", 400, "unknown-parameter", "this route takes none")]
    [InlineData("GET", "/models?name=fraud", "", 400, "unknown-parameter", "this route takes none")]
    [InlineData("GET", "/drift?model=fraud", "", 400, "unknown-parameter", "this route takes none")]
    [InlineData("POST", "/features", """{"entitys":[]}""", 400, "unknown-field", "did you mean \"entities\"?")]
    [InlineData("POST", "/features", """{"entities":[{"entity":"card"}]}""", 400, "missing-field", "entities[0].key")]
    [InlineData("POST", "/features", """{"entities":[{"entity":"terminals","key":"t"}]}""", 404, "unknown-entity", "did you mean \"terminal\"?")]
    [InlineData("POST", "/features", """{"entities":[{"entity":"card","key":""}]}""", 400, "invalid-value", "entities[0].key")]
    [InlineData("GET", "/features/card/c?at=1533081600", "", 400, "invalid-time", "milliseconds since 1970 (seconds times 1000)")]
    [InlineData("POST", "/features", """{"entities":[],"at":"x"}""", 400, "invalid-time", "\"at\" is \"x\"")]
    [InlineData("POST", "/features", """{"entities":[],"at":1532529000000,"at":1532529000001}""", 400, "duplicate-field", "\"at\" is given twice")]
    [InlineData("POST", "/features", """{"entities":[{"entity":"card","key":"a","key":"b"}]}""", 400, "duplicate-field", "entities[0].key")]
    [InlineData("POST", "/features", """{"entities":[7]}""", 400, "wrong-shape", "entities[0] is a number, expected an object such as")]
    [InlineData("POST", "/features", "{}", 400, "missing-field", "\"entities\" is missing")]
    [InlineData("POST", "/features", """{"entities":"card"}""", 400, "invalid-value", "\"entities\" is a text, expected an array such as [{")]
    [InlineData("POST", "/features", """{"entities":null}""", 400, "invalid-value", "\"entities\" is null, expected an array")]
    [InlineData("POST", "/features", """{"entities":[{"entity":"card","key":1}]}""", 400, "invalid-value", "\"entities[0].key\" is a number, expected a text such as \"card_12345\"")]
    [InlineData("POST", "/features", """{"entities":[{"entity":{},"key":"c"}]}""", 400, "invalid-value", "\"entities[0].entity\" is an object, expected a text such as \"card\"")]
    [InlineData("POST", "/features", """{"entities":[{"entity":"card","key":"\ud800"}]}""", 400, "invalid-value", "\"entities[0].key\" is not valid text")]
    [InlineData("POST", "/features", """{"entities":[],"at":"\ud800"}""", 400, "invalid-value", "\"at\" is not valid text")]
    [InlineData("GET", "/features/card/c?at=1533081600000&at=1533081600001", "", 400, "duplicate-parameter", "\"at\" is given 2 times; give it once")]
    [InlineData("GET", "/features/card/c?at=", "", 400, "invalid-time", "\"at\" is \"\"")]
    [InlineData("GET", "/openapi/v2.json", "", 404, "not-found", "There is nothing at /openapi/...")]
    [InlineData("POST", "/features", "[]", 400, "wrong-shape", "Expected an object")]
    [InlineData("POST", "/events/transaction", "{}", 404, "unknown-topic", "did you mean \"transactions\"?")]
    [InlineData("POST", "/events/scores", "{}", 404, "unknown-topic", "is not a topic that takes events")]
    [InlineData("POST", "/events/clicks", "7", 400, "wrong-shape", "Expected one event")]
    [InlineData("POST", "/events/clicks", "{\"a\":", 400, "malformed-json", "line 1, byte 6")]
    [InlineData("POST", "/events/clicks", "{} x", 400, "malformed-json", "line 1, byte 4")]
    [InlineData("POST", "/events/clicks", "[{]", 400, "malformed-json", "line 1, byte 3")]
    [InlineData("GET", "/score", "", 405, "method-not-allowed", "GET is not allowed here")]
    [InlineData("DELETE", "/features/card/c1", "", 405, "method-not-allowed", "DELETE is not allowed here")]
    [InlineData("GET", "/featuers/card/c1", "", 404, "not-found", "There is nothing at /featuers/...")]
    public async Task A_wrong_request_says_what_is_wrong_and_how_to_fix_it(string method, string path, string json, int status, string name, string says)
    {
        await using var node = await TestNode.StartAsync();
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        request.Content = json.Length == 0 ? null : new StringContent(json, Encoding.UTF8, "application/json");
        using var answer = await node.Client.SendAsync(request);
        await ProblemAssert.IsAsync(answer, (HttpStatusCode)status, name, says);
    }

    [Theory]
    [InlineData("/score")]
    [InlineData("/score/batch")]
    [InlineData("/features")]
    [InlineData("/events/clicks")]
    public async Task A_body_that_is_said_not_to_be_json_is_refused(string path)
    {
        await using var node = await TestNode.StartAsync();
        using var answer = await node.PostAsync(path, """{"card_id":"c","amount":1}""", "application/x-www-form-urlencoded");
        await ProblemAssert.IsAsync(answer, HttpStatusCode.UnsupportedMediaType, "wrong-media-type", "-H 'Content-Type: application/json'");
    }

    [Theory]
    [InlineData("/score/batch")]
    [InlineData("/features")]
    [InlineData("/events/clicks")]
    public async Task A_body_that_is_empty_is_said_to_be(string path)
    {
        await using var node = await TestNode.StartAsync();
        using var answer = await node.PostAsync(path, string.Empty);
        await ProblemAssert.IsAsync(answer, HttpStatusCode.BadRequest, "malformed-json", "The body is empty, expected JSON");
    }

    [Fact]
    public async Task A_name_that_is_not_known_is_told_by_its_beginning()
    {
        await using var node = await TestNode.StartAsync();
        using var answer = await node.PostAsync("/features", $$"""{"{{new string('n', 100_000)}}":1}""");
        await ProblemAssert.IsAsync(answer, HttpStatusCode.BadRequest, "unknown-field", $"\"{new string('n', 40)}...\" is not a field here");
        Assert.True((await answer.Content.ReadAsByteArrayAsync()).Length < 1000);
    }

    [Theory]
    [InlineData("GET", "/features/crad/c1", "entity")]
    [InlineData("POST", "/events/transaction", "topic")]
    public async Task A_part_of_the_path_that_is_wrong_is_named(string method, string path, string field)
    {
        await using var node = await TestNode.StartAsync();
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        using var answer = await node.Client.SendAsync(request);
        Assert.Equal(field, JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement.GetProperty("field").GetString());
    }

    [Fact]
    public async Task A_key_that_no_event_can_have_is_refused()
    {
        await using var node = await TestNode.StartAsync();
        var key = new string('k', 257);
        using var one = await node.Client.GetAsync($"/features/card/{key}");
        await ProblemAssert.IsAsync(one, HttpStatusCode.BadRequest, "invalid-value", "\"key\" has 257 bytes; an entity key has 1 to 256 bytes, without NUL and byte order mark (U+FEFF), and not blanks only");
        using var several = await node.PostAsync("/features", $$"""{"entities":[{"entity":"card","key":"{{key}}"}]}""");
        await ProblemAssert.IsAsync(several, HttpStatusCode.BadRequest, "invalid-value", "\"entities[0].key\" has 257 bytes; an entity key has 1 to 256 bytes, without NUL and byte order mark (U+FEFF), and not blanks only");
    }

    [Theory]
    [InlineData("c%EF%BB%BF", "c\\uFEFF", "a byte order mark")]
    [InlineData("%C2%A0", "\\u00A0", "nothing but blanks")]
    [InlineData("%20", " ", "nothing but blanks")]
    [InlineData("%E3%80%80%09", "\\u3000\\t", "nothing but blanks")]
    [InlineData(null, "c\\u0000", "a NUL")]
    public async Task A_character_that_no_id_has_is_refused_at_every_door(string? inPath, string inJson, string what)
    {
        await using var node = await TestNode.StartAsync();
        const string Rule = "without NUL and byte order mark (U+FEFF), and not blanks only";
        if (inPath is not null)
        {
            using var one = await node.Client.GetAsync($"/features/card/{inPath}");
            await ProblemAssert.IsAsync(one, HttpStatusCode.BadRequest, "invalid-value", $"\"key\" has {what} in it; an entity key has 1 to 256 bytes, {Rule}");
        }

        using var several = await node.PostAsync("/features", $$"""{"entities":[{"entity":"card","key":"{{inJson}}"}]}""");
        await ProblemAssert.IsAsync(several, HttpStatusCode.BadRequest, "invalid-value", $"\"entities[0].key\" has {what} in it; an entity key has 1 to 256 bytes, {Rule}");
        using var score = await node.PostAsync("/score", $$"""{"card_id":"{{inJson}}","amount":1}""");
        await ProblemAssert.IsAsync(score, HttpStatusCode.BadRequest, "invalid-value", $"\"card_id\" has {what} in it; an entity key has 1 to 256 bytes, {Rule}");
    }

    [Theory]
    [InlineData("/features", 8)]
    [InlineData("/events/clicks", 16)]
    public async Task Nesting_beyond_the_limit_is_said_and_is_not_called_no_json(string path, int levels)
    {
        await using var node = await TestNode.StartAsync();
        using var answer = await node.PostAsync(path, new string('[', 100_000));
        await ProblemAssert.IsAsync(answer, HttpStatusCode.BadRequest, "malformed-json", $"nested deeper than the {levels} levels that are read");
    }

    /// <summary>The server itself refuses it in a path.</summary>
    [Fact]
    public async Task A_NUL_in_a_path_is_refused()
    {
        await using var node = await TestNode.StartAsync();
        using var client = await node.ConnectAsync();
        await client.GetStream().WriteAsync("GET /features/card/c%00 HTTP/1.1\r\nHost: localhost\r\n\r\n"u8.ToArray());
        Assert.Equal(400, Assert.Single(await RawHttp.ReadAsync(client.GetStream(), 1)).Status);
    }

    [Theory]
    [InlineData("/score")]
    [InlineData("/score/batch")]
    [InlineData("/features")]
    [InlineData("/events/clicks")]
    public async Task A_body_that_is_compressed_is_refused(string path)
    {
        await using var node = await TestNode.StartAsync();
        using var content = new StringContent("""{"card_id":"c","amount":1}""", Encoding.UTF8, "application/json");
        content.Headers.ContentEncoding.Add("gzip");
        using var answer = await node.Client.PostAsync(path, content);
        await ProblemAssert.IsAsync(answer, HttpStatusCode.UnsupportedMediaType, "wrong-content-encoding", "Content-Encoding is \"gzip\"; send the body as it is, without this header");
        Assert.Equal(["identity"], answer.Headers.GetValues("Accept-Encoding"));
    }

    [Fact]
    public async Task A_body_that_is_said_to_be_as_it_is_is_taken()
    {
        await using var node = await TestNode.StartAsync();
        using var content = new StringContent("""{"card_id":"c","amount":1}""", Encoding.UTF8, "application/json");
        content.Headers.ContentEncoding.Add("identity");
        using var answer = await node.Client.PostAsync("/score", content);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Theory]
    [InlineData("/score")]
    [InlineData("/events/clicks")]
    public async Task A_body_over_the_limit_is_refused(string path)
    {
        await using var node = await TestNode.StartAsync("http.max-request-bytes = 1024");
        using var answer = await node.PostAsync(path, $$"""{"card_id":"{{new string('c', 2000)}}","amount":1}""");
        await ProblemAssert.IsAsync(answer, HttpStatusCode.RequestEntityTooLarge, "too-large", "streaming.http.max-request-bytes");
    }

    [Theory]
    [InlineData("/score", """{"card_id":"c","amount":1,"ts":"2018-07-01T00:00:00Z"}""", "the card,")]
    [InlineData("/features", """{"entities":[{"entity":"terminal","key":"t"},{"entity":"card","key":"c"}],"at":"2018-07-01T00:00:00Z"}""", "the card of entities[1],")]
    public async Task A_read_time_before_what_is_kept_is_a_422(string path, string json, string whose)
    {
        await using var node = await TestNode.StartAsync();
        node.Store.Pay("c", 1_533_081_600_000, 10);
        using var answer = await node.PostAsync(path, json);
        await ProblemAssert.IsAsync(
            answer, HttpStatusCode.UnprocessableEntity, "too-old", $"2018-07-01T00:00:00.000Z is more than 24 h before the newest event of {whose}");
    }

    [Fact]
    public async Task What_the_node_does_not_expect_is_a_500_that_gives_nothing_away()
    {
        await using var node = await TestNode.StartAsync();
        node.Intake.Failure = new InvalidOperationException("card 4111111111111111");
        using var answer = await node.PostAsync("/events/clicks", "{}");
        Assert.DoesNotContain("4111", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        await ProblemAssert.IsAsync(answer, HttpStatusCode.InternalServerError, "internal", "log");
    }

    [Theory]
    [InlineData(true, 503, "log-unavailable")]
    [InlineData(false, 503, "log-unavailable")]
    public async Task A_log_that_fails_is_a_problem_by_whether_trying_again_helps(bool retriable, int status, string name)
    {
        await using var node = await TestNode.StartAsync();
        node.Intake.Failure = new EventLogException("the broker is away", retriable);
        using var answer = await node.PostAsync("/events/clicks", "{}");
        await ProblemAssert.IsAsync(answer, (HttpStatusCode)status, name, "log");
    }

    [Fact]
    public async Task Invalid_events_are_listed_one_by_one()
    {
        await using var node = await TestNode.StartAsync();
        node.Intake.Answer = () => new IntakeResult.Invalid(["event 2: price: found a text, expected a number"]);
        using var answer = await node.PostAsync("/events/clicks", "[{},{}]");
        await ProblemAssert.IsAsync(answer, HttpStatusCode.UnprocessableEntity, "invalid-event", "event 2: price");
    }

    [Fact]
    public async Task A_registry_that_is_away_is_a_503()
    {
        await using var node = await TestNode.StartAsync();
        node.Intake.Answer = () => new IntakeResult.Unavailable("The schema registry does not answer.");
        using var answer = await node.PostAsync("/events/clicks", "{}");
        await ProblemAssert.IsAsync(answer, HttpStatusCode.ServiceUnavailable, "log-unavailable", "schema registry");
    }
}

using Streaming.Scoring.Registry;

namespace Streaming.Scoring.Tests.Registry;

public sealed class RegistryFolderSpec : IDisposable
{
    private static readonly CancellationToken s_none = CancellationToken.None;
    private readonly TempFolder _temp = new();
    private readonly RegistryFolder _folder;
    private readonly FolderModelRegistry _registry;
    private readonly ModelFolder _models;

    public RegistryFolderSpec()
    {
        _folder = new RegistryFolder(_temp["models"], TimeProvider.System);
        (_registry, _models) = (new FolderModelRegistry(_folder), new ModelFolder(_folder));
        File.WriteAllText(_temp["a.onnx"], "a");
    }

    public void Dispose()
    {
        _registry.Dispose();
        _temp.Dispose();
    }

    [Fact]
    public async Task A_run_comes_back_with_its_values_and_files()
    {
        var run = new RunFolder(_folder).Require(await _registry.LogRunAsync(
            new RunDraft
            {
                Experiment = "fraud/a",
                Name = "first",
                By = "ada",
                Started = DateTimeOffset.UnixEpoch.AddSeconds(1),
                Ended = DateTimeOffset.UnixEpoch.AddSeconds(2),
                Params = Sorted(("leaves", "15")),
                Metrics = [new("auc", 0.5, 1, 0), new("auc", 0.8, 2, 1), new("loss", double.NaN, 2, 1)],
                Artifacts = [("plots/a.txt", _temp["a.onnx"])],
            },
            s_none));
        Assert.Equal((RunStatus.Finished, "ada", 1_000L, 2_000L), (run.Status, run.User, run.StartedAt, run.EndedAt!.Value));
        Assert.Equal("15", run.Params["leaves"]);
        Assert.Equal([("auc", 0.8), ("loss", double.NaN)], run.LatestMetrics().Select(point => (point.Key, point.Value)));
        Assert.Equal("fraud/a", new ExperimentFolder(_folder).Require(run.ExperimentId).Name);
        var artifacts = new ArtifactFolder(_folder);
        var root = ArtifactFolder.PathOfUri(ArtifactFolder.UriOf(run));
        Assert.Equal([new ArtifactEntry("plots", null)], artifacts.List(root));
        Assert.Equal("a", await File.ReadAllTextAsync(artifacts.Find(root + "/plots/a.txt")));
    }

    [Fact]
    public async Task Files_of_a_model_whose_document_is_gone_are_kept()
    {
        await RegisterAsync(_registry);
        await RegisterAsync(_registry);
        File.Delete(Path.Combine(_folder.Root, "models", "fraud.json"));
        await File.WriteAllTextAsync(_temp["a.onnx"], "b");
        Assert.Equal(3, (await RegisterAsync(_registry)).Version);
        Assert.Equal("a", await File.ReadAllTextAsync(_models.PathOf("fraud", 2)));
    }

    [Fact]
    public async Task A_parameter_keeps_its_value()
    {
        var runs = new RunFolder(_folder);
        var run = await runs.CreateAsync(new Run { Id = "", ExperimentId = "0", Params = Sorted(("p", "1")) }, s_none);
        await runs.LogAsync(run.Id, [], [new("p", "1")], [], s_none);
        var fault = await Assert.ThrowsAsync<RegistryException>(() => runs.LogAsync(run.Id, [], [new("p", "2")], [], s_none));
        Assert.Equal((RegistryFault.Invalid, $"the parameter 'p' of the run {run.Id} is '1' and cannot become '2'"), (fault.Fault, fault.Message));
    }

    [Fact]
    public async Task Versions_of_two_writers_have_numbers_of_their_own_and_none_is_lost()
    {
        using var other = new FolderModelRegistry(new RegistryFolder(_temp["models"], TimeProvider.System));
        var versions = await Task.WhenAll(Enumerable.Range(0, 40).Select(i => Task.Run(() => RegisterAsync(i % 2 == 0 ? _registry : other))));
        Assert.Equal(Enumerable.Range(1, 40), versions.Select(version => version.Version).Order());
        Assert.Equal(Enumerable.Range(1, 40), _models.Require("fraud").Versions.Select(version => version.Version));
        Assert.All(versions, version => Assert.True(File.Exists(_models.PathOf("fraud", version.Version))));
    }

    [Fact]
    public async Task A_reader_sees_whole_documents_while_another_writes()
    {
        await RegisterAsync(_registry);
        using var stop = new CancellationTokenSource();
        var reading = Task.Run(() =>
        {
            var reads = 0;
            while (!stop.IsCancellationRequested)
            {
                Assert.NotEmpty(_models.Require("fraud").Versions);
                reads++;
            }

            return reads;
        });
        for (var i = 0; i < 50; i++)
        {
            await _models.UpdateAsync("fraud", model => model with { Description = new string('x', i * 500) }, s_none);
        }

        await stop.CancelAsync();
        Assert.True(await reading > 0);
        Assert.Empty(Directory.GetFiles(_temp.FullName, "*.unfinished", SearchOption.AllDirectories));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{ \"name\": \"fraud\"")]
    [InlineData("{ \"versions\": [] }")]
    [InlineData("null")]
    public async Task A_damaged_document_is_named(string text)
    {
        await RegisterAsync(_registry);
        var file = Path.Combine(_temp["models"], "models", "fraud.json");
        await File.WriteAllTextAsync(file, text);
        var fault = Assert.Throws<RegistryException>(() => _models.Find("fraud"));
        Assert.Equal(RegistryFault.Damaged, fault.Fault);
        Assert.StartsWith($"{file} is damaged (", fault.Message, StringComparison.Ordinal);
        Assert.EndsWith("restore it from a copy, or move it away", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_version_half_written_by_a_process_that_ended_is_written_over()
    {
        await RegisterAsync(_registry);
        var files = _models.FilesOf("fraud", 2);
        Directory.CreateDirectory(files);
        await File.WriteAllTextAsync(Path.Combine(files, "stray"), "x");
        await RegisterAsync(_registry);
        Assert.Equal([_models.PathOf("fraud", 2)], Directory.GetFiles(files));
    }

    [Theory]
    [InlineData("..")]
    [InlineData("../a")]
    [InlineData("a/b")]
    [InlineData(".hidden")]
    [InlineData("")]
    [InlineData("a b")]
    [InlineData("ä")]
    [InlineData("a\0")]
    public async Task A_name_that_is_no_part_of_a_path_is_refused(string name)
    {
        Assert.Equal(RegistryFault.Invalid, (await Assert.ThrowsAsync<RegistryException>(() => RegisterAsync(_registry, name))).Fault);
        Assert.Equal(RegistryFault.NotFound, Assert.Throws<RegistryException>(() => _models.Require(name)).Fault);
        Assert.Null(new ExperimentFolder(_folder).Find(name));
        Assert.Equal(RegistryFault.NotFound, Assert.Throws<RegistryException>(() => new RunFolder(_folder).Require(name)).Fault);
    }

    [Theory]
    [InlineData("0/run/artifacts/../../../../models/fraud.json")]
    [InlineData("0/run/artifacts/..")]
    [InlineData("0/run/artifacts/a\\b")]
    [InlineData("0/run/artifacts/c:x")]
    [InlineData("0/run/artifacts")]
    [InlineData("0/run/other/x")]
    [InlineData("registered/fraud/artifacts/model.onnx")]
    [InlineData("registered/fraud/1/model.onnx")]
    public async Task A_file_is_written_below_a_run_or_a_logged_model_only(string path)
    {
        var artifacts = new ArtifactFolder(_folder);
        using var content = new MemoryStream([1]);
        Assert.Equal(RegistryFault.Invalid, (await Assert.ThrowsAsync<RegistryException>(() => artifacts.SaveAsync(path, content, s_none))).Fault);
    }

    [Fact]
    public async Task An_alias_moves_to_what_is_there_and_not_archived_and_only_from_where_it_was_seen()
    {
        await RegisterAsync(_registry);
        await RegisterAsync(_registry);
        await _registry.MoveAliasAsync("fraud", Move(1, 0), s_none);
        Assert.Equal(RegistryFault.NotFound, await FaultOf(Move(3, 1)));
        Assert.Equal(RegistryFault.Conflict, await FaultOf(Move(2, 0)));
        Assert.Equal(RegistryFault.Conflict, (await Assert.ThrowsAsync<RegistryException>(() => _registry.ArchiveAsync("fraud", 1, "ada", s_none))).Fault);
        await _registry.MoveAliasAsync("fraud", Move(2, 1), s_none);
        await _registry.ArchiveAsync("fraud", 1, "ada", s_none);
        Assert.Equal(RegistryFault.Conflict, await FaultOf(Move(1, 2)));
        var model = _models.Require("fraud");
        Assert.Equal(2, model.Aliases[RegisteredModel.Champion]);
        Assert.Equal([(1, 0, "ada"), (2, 1, "ada")], model.History.Select(move => (move.Version, move.Previous, move.By)));
    }

    [Fact]
    public async Task A_writer_that_keeps_its_turn_is_waited_for_only_so_long()
    {
        using var held = await _folder.TakeTurnAsync(s_none);
        var clock = new FakeClock();
        var waiting = RegisterAsync(new FolderModelRegistry(new RegistryFolder(_temp["models"], clock)));
        await Eventually.TrueAsync("it gives up", () =>
        {
            clock.Advance(TimeSpan.FromSeconds(1));
            return waiting.IsCompleted;
        });
        Assert.Equal(RegistryFault.Away, (await Assert.ThrowsAsync<RegistryException>(() => waiting)).Fault);
    }

    private static System.Collections.Immutable.ImmutableSortedDictionary<string, string> Sorted(params (string Key, string Value)[] values) =>
        System.Collections.Immutable.ImmutableSortedDictionary.CreateRange(values.Select(each => KeyValuePair.Create(each.Key, each.Value)));

    private static AliasMove Move(int version, int previous) => new(RegisteredModel.Champion, version, previous, "ada", 1, false);

    private async Task<RegistryFault> FaultOf(AliasMove move) =>
        (await Assert.ThrowsAsync<RegistryException>(() => _registry.MoveAliasAsync("fraud", move, s_none))).Fault;

    private Task<ModelVersion> RegisterAsync(FolderModelRegistry registry, string name = "fraud") =>
        registry.RegisterAsync(new VersionDraft { Name = name, Experiment = "fraud", By = "ada", File = _temp["a.onnx"] }, s_none);

    private sealed class FakeClock : Microsoft.Extensions.Time.Testing.FakeTimeProvider;
}

using System.Diagnostics;
using Streaming.Offline.Files;

namespace Streaming.Offline.Tests.Files;

public sealed class OutputFileSpec : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_new_file_and_a_regular_one_will_do_and_the_look_leaves_nothing_behind()
    {
        File.WriteAllText(_folder["old"], "");
        Assert.Null(OutputFile.Fault(_folder["new"], [_folder["old"], _folder["missing"]]));
        Assert.Null(OutputFile.Fault(_folder["old"], []));
        Assert.Equal([_folder["old"]], Directory.GetFileSystemEntries(Path.GetDirectoryName(_folder["old"])!));
    }

    [Fact]
    public void A_pipe_is_refused_and_not_opened()
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        using var make = Process.Start("mkfifo", [_folder["pipe"]]);
        make.WaitForExit();
        Assert.Contains("is no regular file but a device, a pipe or the like", OutputFile.Fault(_folder["pipe"], []), StringComparison.Ordinal);
    }

    [Fact]
    public void A_second_name_of_an_input_is_refused()
    {
        File.WriteAllText(_folder["input"], "");
        File.CreateSymbolicLink(_folder["output"], _folder["input"]);
        Assert.Contains("would replace", OutputFile.Fault(_folder["output"], [_folder["input"]]), StringComparison.Ordinal);
    }

    [Fact]
    public void An_input_that_is_not_there_yet_is_refused_by_its_path()
    {
        var path = _folder["x"];
        Assert.Contains("would replace", OutputFile.Fault(path, [Path.Combine(Path.GetDirectoryName(path)!, ".", "x")]), StringComparison.Ordinal);
    }
}

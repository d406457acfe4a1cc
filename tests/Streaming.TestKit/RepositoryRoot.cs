namespace Streaming.TestKit;

/// <summary>Where the repository lies: the nearest folder above the test assembly that holds the solution.</summary>
public static class RepositoryRoot
{
    /// <summary>The folder's full path.</summary>
    public static string Path { get; } = Find();

    private static string Find()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(System.IO.Path.Combine(folder.FullName, "Streaming.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new InvalidOperationException($"no Streaming.sln above {AppContext.BaseDirectory}");
    }
}

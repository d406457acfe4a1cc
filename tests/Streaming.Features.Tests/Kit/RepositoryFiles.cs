namespace Streaming.Features.Tests.Kit;

/// <summary>Where the sources are, so that golden files are read from, and compared with, what is checked in.</summary>
internal static class RepositoryFiles
{
    public static string Root { get; } = Find();

    private static string Find()
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (directory is not null && !File.Exists(Path.Combine(directory.FullName, "Streaming.sln")))
        {
            directory = directory.Parent;
        }

        return directory?.FullName ?? throw new InvalidOperationException($"no Streaming.sln above {AppContext.BaseDirectory}");
    }
}

namespace Streaming.Architecture.Tests;

/// <summary>The repository's sources as text.</summary>
internal static class SourceTree
{
    public static string Root => RepositoryRoot.Path;

    /// <summary>The projects' directories below a folder of the root.</summary>
    public static IEnumerable<string> Projects(string folder) =>
        Directory.GetDirectories(Path.Combine(Root, folder)).Where(directory => Directory.GetFiles(directory, "*.csproj").Length > 0);

    /// <summary>Files below folders of the root, without what the build makes; the path is relative to the root.</summary>
    public static IEnumerable<(string Path, string[] Lines)> Files(string pattern, params string[] folders) =>
        from folder in folders
        from file in Directory.EnumerateFiles(Path.Combine(Root, folder), pattern, SearchOption.AllDirectories)
        let path = Path.GetRelativePath(Root, file).Replace('\\', '/')
        where !path.Contains("/bin/", StringComparison.Ordinal) && !path.Contains("/obj/", StringComparison.Ordinal)
        orderby path
        select (path, System.IO.File.ReadAllLines(file));

    /// <summary>One file of the root.</summary>
    public static (string Path, string[] Lines) File(string path) => (path, System.IO.File.ReadAllLines(Path.Combine(Root, path)));
}

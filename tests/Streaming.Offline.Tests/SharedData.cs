namespace Streaming.Offline.Tests;

/// <summary>Test data beside the repository.</summary>
internal static class SharedData
{
    /// <summary>A file or folder, looked for from here upwards; null where it is not.</summary>
    public static string? Find(string path)
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (Path.Combine(folder.FullName, path) is var found && Path.Exists(found))
            {
                return found;
            }
        }

        return null;
    }
}

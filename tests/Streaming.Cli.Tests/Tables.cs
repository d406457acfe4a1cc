namespace Streaming.Cli.Tests;

/// <summary>Files that commands read.</summary>
internal static class Tables
{
    public static string Csv(Cli cli, string name, string text)
    {
        File.WriteAllText(cli.PathOf(name), text);
        return cli.PathOf(name);
    }
}

using System.Globalization;
using Streaming.Persistence.Redis.Embedded;

namespace Streaming.Persistence.Redis.Tests.Embedded;

/// <summary>An embedded server in a process of its own, to be killed: DIRECTORY PORT. It says "ready", and runs until its input ends.</summary>
internal static class GarnetChild
{
    public static async Task<int> Main(string[] args)
    {
        var port = int.Parse(args[1], CultureInfo.InvariantCulture);
        await using var server = await EmbeddedRedis.StartAsync(new(args[0]) { Port = port }, CancellationToken.None);
        await using var output = Console.OpenStandardOutput();
        await output.WriteAsync("ready\n"u8.ToArray());
        await output.FlushAsync();
        using var input = new StreamReader(Console.OpenStandardInput());
        await input.ReadToEndAsync();
        return 0;
    }
}

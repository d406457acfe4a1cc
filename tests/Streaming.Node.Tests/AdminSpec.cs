using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging.Abstractions;
using Streaming.Node.Admin;
using Streaming.Node.Running;
using Streaming.Node.Settings;

namespace Streaming.Node.Tests;

/// <summary>The server for commands of this machine: who may ask, and where its files are.</summary>
public sealed class AdminSpec : IDisposable
{
    private readonly TempFolder _folder = new();

    private string Pid => Path.Combine(_folder.FullName, "admin", "pid");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Only_a_request_with_the_token_is_answered()
    {
        await using var host = await StartAsync(string.Empty);
        var (token, address) = new AdminFiles(_folder.FullName).Read()!.Value;
        Assert.Equal(HttpStatusCode.OK, await AskAsync(address, token));
        Assert.Equal(HttpStatusCode.Unauthorized, await AskAsync(address, token[..^1]));
        Assert.Equal(HttpStatusCode.Unauthorized, await AskAsync(address, token + "0"));
        Assert.Equal(HttpStatusCode.Unauthorized, await AskAsync(address, null));
    }

    [Fact]
    public async Task The_token_stays_and_is_for_its_owner_only_and_the_address_goes_with_the_node()
    {
        var files = new AdminFiles(_folder.FullName);
        string token;
        await using (await StartAsync(string.Empty))
        {
            token = files.Read()!.Value.Token;
            Assert.Equal(Environment.ProcessId, int.Parse(await File.ReadAllTextAsync(Pid), CultureInfo.InvariantCulture));
            if (!OperatingSystem.IsWindows())
            {
                foreach (var file in Directory.GetFiles(files.Folder))
                {
                    Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
                }

                Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(files.Folder));
            }
        }

        Assert.Null(files.Read());
        Assert.False(File.Exists(Pid));
        await using var again = await StartAsync(string.Empty);
        Assert.Equal(token, files.Read()!.Value.Token);
    }

    [Fact]
    public async Task The_address_of_the_node_that_was_there_before_comes_back()
    {
        var files = new AdminFiles(_folder.FullName);
        await using var first = await StartAsync(string.Empty);
        var address = files.Read()!.Value.Address;
        await File.WriteAllTextAsync(Pid, "1");
        await using (await StartAsync(string.Empty))
        {
            Assert.NotEqual(address, files.Read()!.Value.Address);
            Assert.NotEqual("1", await File.ReadAllTextAsync(Pid));
        }

        Assert.Equal(address, files.Read()!.Value.Address);
        Assert.Equal("1", await File.ReadAllTextAsync(Pid));
    }

    /// <summary>A node that was killed leaves its files; this process's own id stands for a container, where numbers come again.</summary>
    [Theory]
    [InlineData(int.MaxValue)]
    [InlineData(0)]
    public async Task The_address_of_a_node_that_was_killed_does_not_come_back(int process)
    {
        var files = new AdminFiles(_folder.FullName);
        files.RequireToken();
        await File.WriteAllTextAsync(Path.Combine(files.Folder, "address"), "http://127.0.0.1:1");
        var killed = process == 0 ? Environment.ProcessId : process;
        await File.WriteAllTextAsync(Pid, killed.ToString(CultureInfo.InvariantCulture));
        await using (await StartAsync(string.Empty))
        {
            Assert.NotEqual(1, files.Read()!.Value.Address.Port);
        }

        Assert.Null(files.Read());
        Assert.False(File.Exists(Pid));
    }

    [Fact]
    public async Task It_can_be_off_and_listens_on_the_loopback_only()
    {
        Assert.Null(await StartAsync("streaming.admin.enabled = off"));
        var (settings, faults) = NodeSettings.Create(Configured("streaming.admin.listen = \"0.0.0.0:0\""));
        Assert.Null(settings);
        Assert.Contains("streaming.admin.listen", Assert.Single(faults).Message, StringComparison.Ordinal);
    }

    private static async Task<HttpStatusCode> AskAsync(Uri address, string? token)
    {
        using var client = new HttpClient();
        client.DefaultRequestHeaders.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);
        using var answer = await client.GetAsync(new Uri(address, "ping"));
        return answer.StatusCode;
    }

    private Task<AdminHost?> StartAsync(string text)
    {
        var (settings, faults) = NodeSettings.Create(Configured($"{text}\nstreaming.log.embedded.directory = \"{_folder.FullName}\""));
        Assert.Empty(faults);
        return AdminHost.StartAsync(
            settings!, NullLoggerFactory.Instance, routes => routes.MapGet("/ping", static context => context.Response.CompleteAsync()), CancellationToken.None);
    }

    private static Configuration Configured(string text) => new(NodeSettings.References.Insert(0, ("a.hocon", text)), _ => null);
}

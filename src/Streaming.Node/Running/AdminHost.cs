using System.Security.Cryptography;
using System.Text;
using Streaming.Node.Admin;
using Streaming.Node.Settings;

namespace Streaming.Node.Running;

/// <summary>
/// A second HTTP server of the node, on the loopback, for the commands of this machine. Each request has the token of the folder
/// <c>admin</c>, or is answered with 401.
/// </summary>
internal sealed class AdminHost : IAsyncDisposable
{
    private const string Scheme = "Bearer ";
    private readonly WebApplication _app;
    private readonly AdminFiles _files;
    private readonly string _url;

    private AdminHost(WebApplication app, AdminFiles files, string url) => (_app, _files, _url) = (app, files, url);

    /// <summary>Starts it; null where the settings have it off.</summary>
    /// <exception cref="NodeStartException">Its port is taken, or its folder cannot be written.</exception>
    public static async Task<AdminHost?> StartAsync(
        NodeSettings settings, ILoggerFactory loggers, Action<IEndpointRouteBuilder> map, CancellationToken cancellation)
    {
        if (!settings.Admin.IsEnabled)
        {
            return null;
        }

        var files = new AdminFiles(settings.Embedded.Directory);
        try
        {
            var app = Build(settings, loggers, files.RequireToken());
            map(app);
            await NodePort.StartAsync(app, settings.Admin.Listen, cancellation);
            var url = app.Urls.First();
            files.WriteAddress(url);
            return new AdminHost(app, files, url);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new NodeStartException($"{files.Folder}: the admin address cannot be written: {error.Message}", error);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _files.RemoveAddress(_url);
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    private static WebApplication Build(NodeSettings settings, ILoggerFactory loggers, string token)
    {
        var builder = WebApplication.CreateEmptyBuilder(
            new WebApplicationOptions { ApplicationName = typeof(AdminHost).Assembly.GetName().Name });
        builder.Services.AddSingleton(loggers).AddRouting();
        builder.WebHost.UseKestrelCore().ConfigureKestrel(options =>
        {
            options.AddServerHeader = false;
            options.Limits.MaxRequestBodySize = settings.Http.MaxRequestBytes;
            options.Listen(settings.Admin.Listen);
        });
        var app = builder.Build();
        var expected = Encoding.UTF8.GetBytes(Scheme + token);
        app.Use(next => context => IsAllowed(context.Request, expected) ? next(context) : RefuseAsync(context));
        app.UseRouting();
        return app;
    }

    private static bool IsAllowed(HttpRequest request, byte[] expected) => request.Headers.Authorization is [{ } given]
        && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(given), expected);

    private static Task RefuseAsync(HttpContext context)
    {
        context.Response.StatusCode = StatusCodes.Status401Unauthorized;
        context.Response.Headers.WWWAuthenticate = "Bearer";
        return Task.CompletedTask;
    }
}

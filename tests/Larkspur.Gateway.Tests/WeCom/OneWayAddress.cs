using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace Larkspur.Gateway.Tests.WeCom;

/// <summary>An address before the gateway's: what the platform sends arrives, what is answered gets lost.</summary>
internal sealed class OneWayAddress : IAsyncDisposable
{
    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false });
    private readonly WebApplication _app;

    private OneWayAddress(Uri target)
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        _app = builder.Build();
        _app.Run(async http =>
        {
            using var body = new StreamContent(http.Request.Body);
            using var answer = await _http.PostAsync(new Uri(target, http.Request.Path + http.Request.QueryString.Value), body);
            http.Response.StatusCode = StatusCodes.Status502BadGateway;
        });
    }

    /// <summary>Where the platform is told to send to.</summary>
    public Uri Address => new(_app.Urls.First());

    public static async Task<OneWayAddress> StartAsync(Uri target)
    {
        var address = new OneWayAddress(target);
        await address._app.StartAsync();
        return address;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _http.Dispose();
    }
}

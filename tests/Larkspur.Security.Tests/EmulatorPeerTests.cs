using System.Net;
using Larkspur.Emulator;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Larkspur.Security.Tests;

/// <summary>Somebody of the same network reaches an emulator that listens on every address, and writes the Host that it wants to
/// see.</summary>
public sealed class EmulatorPeerTests
{
    [Fact]
    public async Task A_loopback_Host_from_another_machine_opens_neither_control_nor_the_web_client()
    {
        await using var app = EmulatorHost.Build([], builder =>
        {
            builder.WebHost.UseUrls("http://127.0.0.1:0");
            builder.Logging.ClearProviders();
            builder.Services.AddSingleton(EmulatorApp.DefaultSettings);
            builder.Services.AddSingleton<IStartupFilter, PeerAddress>();
        });
        await app.StartAsync(TestContext.Current.CancellationToken);
        using var http = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };
        foreach (var path in (string[])["/_emulator/state", "/"])
        {
            Assert.Equal((path, HttpStatusCode.Forbidden), (path, await StatusAsync(http, path, "192.0.2.9")));
            Assert.Equal((path, HttpStatusCode.OK), (path, await StatusAsync(http, path, "127.0.0.1")));
            Assert.Equal((path, HttpStatusCode.OK), (path, await StatusAsync(http, path, "::ffff:127.0.0.1")));
        }

        // The platform itself is what a gateway on another machine calls.
        Assert.NotEqual(HttpStatusCode.Forbidden, await StatusAsync(http, "/open-apis/bot/v3/info", "192.0.2.9"));
    }

    private static async Task<HttpStatusCode> StatusAsync(HttpClient http, string path, string peer)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Add(PeerAddress.Header, peer);
        request.Headers.Host = "127.0.0.1";
        using var answer = await http.SendAsync(request, TestContext.Current.CancellationToken);
        return answer.StatusCode;
    }
}

using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Larkspur.Bench.Targets;

/// <summary>The role of the bare server: Kestrel, one address that reads the body and answers <c>{}</c>. Nothing is faster on this platform.</summary>
internal static class BareServer
{
    private static readonly ReadOnlyMemory<byte> Answer = "{}"u8.ToArray();

    public static async Task<int> RunAsync(int port)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Listen(IPAddress.Loopback, port);
        });
        builder.Services.AddRoutingCore();
        await using var app = builder.Build();
        app.MapGet("/health/ready", (HttpContext http) => Task.CompletedTask);
        app.MapPost(Load.RequestForge.Path, (RequestDelegate)ReadAndAnswerAsync);
        await app.RunAsync();
        return 0;
    }

    private static async Task ReadAndAnswerAsync(HttpContext http)
    {
        var body = http.Request.BodyReader;
        while (true)
        {
            var read = await body.ReadAsync(http.RequestAborted);
            body.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted) break;
        }

        http.Response.ContentType = "application/json; charset=utf-8";
        http.Response.ContentLength = Answer.Length;
        await http.Response.Body.WriteAsync(Answer, http.RequestAborted);
    }
}

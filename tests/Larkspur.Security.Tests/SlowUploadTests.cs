using System.Net.Sockets;
using System.Text;
using Larkspur.Gateway.Tests;
using Larkspur.Gateway.Tests.Api;
using Larkspur.Testing;

namespace Larkspur.Security.Tests;

/// <summary>A system whose uploads never end keeps no other system from uploading.</summary>
public sealed class SlowUploadTests
{
    [Theory]
    [InlineData("/uploads/files?file_name=a.bin")]
    [InlineData("/approvals/files?file_name=a.bin")]
    public async Task Slow_uploads_of_one_system_leave_places_to_the_others(string path)
    {
        await using var gateway = await GatewayApp.StartAsync("http://127.0.0.1:1");
        var (erp, canteen) = (await gateway.KeyOfAsync("erp", ["messages:write", "approvals:write"]), await gateway.KeyOfAsync("canteen", ["messages:write", "approvals:write"]));
        var slow = new List<TcpClient>();
        try
        {
            for (var i = 0; i < 16; i++) slow.Add(await BeginAsync(gateway, canteen, path));
            await gateway.UntilAsync(async () => await UploadAsync(gateway, canteen) == 503);
            // It is no image, and that is all that is wrong with it.
            Assert.Equal(422, await UploadAsync(gateway, erp));
        }
        finally
        {
            foreach (var one in slow) one.Dispose();
        }

        await gateway.UntilAsync(async () => await UploadAsync(gateway, canteen) == 422);
    }

    /// <summary>The head of an upload and a little of its body.</summary>
    private static async Task<TcpClient> BeginAsync(GatewayApp gateway, string key, string path)
    {
        var connection = new TcpClient();
        await connection.ConnectAsync(gateway.Address.Host, gateway.Address.Port, TestContext.Current.CancellationToken);
        await connection.GetStream().WriteAsync(Encoding.ASCII.GetBytes(
            $"POST /api/v1{path} HTTP/1.1\r\nHost: {gateway.Address.Authority}\r\nX-Api-Key: {key}\r\nContent-Type: application/octet-stream\r\n"
            + "Content-Length: 20000000\r\n\r\n" + new string('a', 1000)), TestContext.Current.CancellationToken);
        return connection;
    }

    private static async Task<int> UploadAsync(GatewayApp gateway, string key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/uploads/images") { Content = new ByteArrayContent("no image"u8.ToArray()) };
        request.Headers.Add("X-Api-Key", key);
        using var http = new HttpClient { BaseAddress = gateway.Address };
        using var answer = await http.SendAsync(request, TestContext.Current.CancellationToken);
        return (int)answer.StatusCode;
    }
}

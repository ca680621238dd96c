using System.Net;
using System.Text;

namespace Larkspur.Samples.Tests;

public sealed class WebReceiverTests
{
    [Fact]
    public async Task Messages_and_clicks_arrive_over_http_and_forged_ones_do_not()
    {
        await using var emulator = await Tour.PatientEmulatorAsync();
        await using var receiver = SampleProcess.Start("WebReceiver", emulator, null, ("ASPNETCORE_URLS", "http://127.0.0.1:0"));
        var listening = await receiver.PrintedAsync("Now listening on: ");
        var address = new Uri(new Uri(listening[listening.IndexOf("http", StringComparison.Ordinal)..].Trim()), "/webhook/feishu");
        await emulator.SetCallbackAsync(address.ToString());

        await emulator.SayAsync("alice", "hello");
        await receiver.ShowsAsync(emulator, "Coffee?");
        Assert.Equal("Espresso it is", await ClickAsync(emulator, "Espresso"));
        await receiver.ShowsAsync(emulator, "Coffee: Espresso");
        await CardTests.ShownAreGoodAsync(emulator);

        using var content = new StringContent("""{"schema":"2.0","header":{},"event":{}}""", Encoding.UTF8, "application/json");
        using var forged = await emulator.Http.PostAsync(address, content, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.Unauthorized, forged.StatusCode);
        Assert.Equal(0, await receiver.StopAsync());
    }

    /// <summary>Clicks; on a machine so busy that the answer is late Alice is told so, and clicks again.</summary>
    private static async Task<string?> ClickAsync(EmulatorApp emulator, string button)
    {
        while (true)
        {
            var click = await emulator.ActAsync(new { @as = "alice", @do = "click", text = button });
            var toast = (string?)click["toast"]?["content"];
            if (toast?.StartsWith("Still being done", StringComparison.Ordinal) != true) return toast;
        }
    }
}

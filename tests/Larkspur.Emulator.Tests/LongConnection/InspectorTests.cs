namespace Larkspur.Emulator.Tests.LongConnection;

public sealed class InspectorTests : LongConnectionTest
{
    [Fact]
    public async Task Frames_out_and_in_are_shown_like_a_webhooks_delivery()
    {
        await using var client = await TestClient.ConnectAsync(Emulator);
        var push = PushAsync(new { note = "inspected" }, fragments: 2);
        var (_, last) = await client.EventAsync();
        await client.SendAsync(last.Answer($$"""{"code":200,"data":"{{Convert.ToBase64String("""{"toast":"seen"}"""u8)}}"}"""));
        await push;
        var list = await Emulator.Http.GetStringAsync("/ui/traces?as=alice&lang=en", TestContext.Current.CancellationToken);
        Assert.Contains(">WS</span>", list, StringComparison.Ordinal);
        Assert.Contains("/ws/v2", list, StringComparison.Ordinal);

        var detail = await Emulator.Http.GetStringAsync($"/ui/traces/{Emulator.State.Inspector.Pushes()[0].Number}?as=alice&lang=en", TestContext.Current.CancellationToken);
        foreach (var shown in new[] { "inspected", "seen", "conn-1", last["message_id"]!, "biz_rt" }) Assert.Contains(shown, detail, StringComparison.Ordinal);
        var json = (await Emulator.ControlAsync(HttpMethod.Get, "pushes"))["pushes"]![0]!;
        Assert.Equal(("ws", "conn-1"), (json["transport"]!.GetValue<string>(), json["url"]!.GetValue<string>()));
    }
}

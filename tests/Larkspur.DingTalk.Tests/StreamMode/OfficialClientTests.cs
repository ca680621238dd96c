using System.Diagnostics;
using System.Text;
using System.Text.Json;

namespace Larkspur.DingTalk.Tests.StreamMode;

/// <summary>The official Node client takes the stub for the platform: so what our client is held against is not only our own reading of the protocol.</summary>
public sealed class OfficialClientTests
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(90);

    [Fact]
    public async Task The_official_client_accepts_the_stub()
    {
        await using DingTalkStub platform = await DingTalkStub.StartAsync();
        var stub = new StreamStub(platform);
        string folder = Path.Combine(Repository.Root, "tests", "interop");
        Assert.True(Directory.Exists(Path.Combine(folder, "node_modules")), "tests/interop/node_modules is missing: run `npm ci` there (./larkspur test does).");
        using var node = new Process
        {
            StartInfo = new ProcessStartInfo("node", ["dingtalk-stream.mjs"]) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true },
        };
        node.StartInfo.Environment["DINGTALK_BASE_URL"] = platform.Address.AbsoluteUri.TrimEnd('/');
        node.StartInfo.Environment["DINGTALK_CLIENT_ID"] = DingTalkStub.ClientId;
        node.StartInfo.Environment["DINGTALK_CLIENT_SECRET"] = DingTalkStub.ClientSecret;
        var output = new StringBuilder();
        node.OutputDataReceived += (_, e) => { lock (output) output.AppendLine(e.Data); };
        node.ErrorDataReceived += (_, e) => { lock (output) output.AppendLine(e.Data); };
        node.Start();
        node.BeginOutputReadLine();
        node.BeginErrorReadLine();
        try
        {
            StreamStubConnection first = await ConnectedAsync(1);
            await first.SendAsync("SYSTEM", "ping", """{"opaque":"1"}""", "p1");
            await Wait.Until(() => first.Answers.Any(a => a.GetProperty("headers").GetProperty("messageId").GetString() == "p1"));
            await first.SendAsync("EVENT", "*", """{"processInstanceId":"pi","type":"start"}""", "e1", new { eventType = "bpms_instance_change", eventId = "ev-1", eventCorpId = "ding1" });
            Assert.Equal("SUCCESS", JsonDocument.Parse((await first.AckAsync("e1")).Data).RootElement.GetProperty("status").GetString());
            await first.SendAsync("CALLBACK", DingTalkTopics.RobotMessage, """{"msgId":"msg-1","msgtype":"text","text":{"content":"hello 你好"}}""", "m1");
            Assert.Equal("""{"response":{"heard":"hello 你好"}}""", (await first.AckAsync("m1")).Data);
            await first.CloseAsync();
            StreamStubConnection second = await ConnectedAsync(2);
            await second.SendAsync("CALLBACK", DingTalkTopics.RobotMessage, """{"msgId":"msg-2","msgtype":"text","text":{"content":"end"}}""", "m2");
            using var bounded = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
            bounded.CancelAfter(Bound);
            await node.WaitForExitAsync(bounded.Token);
            Assert.True(node.ExitCode == 0, output.ToString());
        }
        finally
        {
            if (!node.HasExited) node.Kill(entireProcessTree: true);
        }

        async Task<StreamStubConnection> ConnectedAsync(int number)
        {
            await Wait.Until(() => stub.Count >= number || node.HasExited);
            Assert.False(node.HasExited, output.ToString());
            return await stub.ConnectionAsync(number);
        }
    }
}

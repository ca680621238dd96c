using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Larkspur.Gateway.Tests.Assistant;

/// <summary>Pictures for a model behind an OpenAI-compatible address.</summary>
[Trait("Database", "PostgreSQL")]
public sealed class ModelFileTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_picture_goes_to_a_model_that_sees_and_to_no_other(bool sees)
    {
        var asked = new ConcurrentQueue<string>();
        await using var model = await ModelAsync(asked);
        await using var fixture = await AssistantFixture.StartAsync(_ =>
        [
            SentFiles.AtOnce,
            new("DIFY_API_KEY", null), new("DIFY_BASE_URL", null), new("Larkspur:Assistant:Backends:default:Kind", "openai"), new("Larkspur:Assistant:Backends:default:BaseUrl", model.Urls.Single() + "/v1"),
            new("Larkspur:Assistant:Backends:default:Model", "m"), new("Larkspur:Assistant:Backends:default:Sees", sees.ToString()),
        ]);
        var png = SentFiles.Png(100);
        await fixture.Emulator.ActAsync(new { @as = "alice", @do = "send", msg_type = "image", base64 = SentFiles.Base64(png), name = "a.png" });
        if (!sees)
        {
            await fixture.UntilAsync(m => m.Card?.Json.Contains("this assistant does not look at pictures", StringComparison.Ordinal) == true);
            Assert.Empty(asked);
            return;
        }

        await fixture.AnswerAsync("I see.");
        using (var first = JsonDocument.Parse(Assert.Single(asked)))
        {
            var content = first.RootElement.GetProperty("messages")[0].GetProperty("content");
            Assert.Equal("What is this?", content[0].GetProperty("text").GetString());
            Assert.Equal("data:image/png;base64," + SentFiles.Base64(png), content[1].GetProperty("image_url").GetProperty("url").GetString());
        }

        // What was said before is remembered in words; an empty turn is no message.
        await fixture.SayAsync("And its colour?");
        await fixture.HoldsAsync(() => asked.Count == 2);
        using var second = JsonDocument.Parse(asked.Last());
        Assert.Equal(["What is this?", "I see.", "And its colour?"], second.RootElement.GetProperty("messages").EnumerateArray().Select(m => m.GetProperty("content").GetString()));
    }

    [Fact]
    public async Task What_was_pointed_at_stays_in_the_history()
    {
        var asked = new ConcurrentQueue<string>();
        await using var model = await ModelAsync(asked);
        await using var fixture = await AssistantFixture.StartAsync(_ =>
        [
            new("DIFY_API_KEY", null), new("DIFY_BASE_URL", null), new("Larkspur:Assistant:Backends:default:Kind", "openai"), new("Larkspur:Assistant:Backends:default:BaseUrl", model.Urls.Single() + "/v1"),
            new("Larkspur:Assistant:Backends:default:Model", "m"),
        ]);
        var bobs = await fixture.Emulator.ActAsync(new { @as = "bob", @do = "send", chat = Larkspur.Emulator.State.SeededCompany.PurchasingChat, text = "发薪日是25号" });
        await fixture.Emulator.ActAsync(new { @as = "alice", @do = "reply", message_id = bobs["message_id"]!.GetValue<string>(), text = "@Larkspur 助手 Translate this" });
        await fixture.HoldsAsync(() => asked.Count == 1);
        await fixture.HoldsAsync(() => fixture.RowsAsync("SELECT COUNT(*) FROM assistant_turn WHERE state = 1", r => r.GetInt64(0)).GetAwaiter().GetResult()[0] == 1);
        await fixture.Emulator.ActAsync(new { @as = "alice", @do = "send", chat = Larkspur.Emulator.State.SeededCompany.PurchasingChat, text = "@Larkspur 助手 And into French?" });
        await fixture.HoldsAsync(() => asked.Count == 2);
        using var second = JsonDocument.Parse(asked.Last());
        var said = second.RootElement.GetProperty("messages").EnumerateArray().Select(m => m.GetProperty("content").GetString()!).ToArray();
        Assert.Matches("^Translate this\n\n[^\n]+\n<message-[0-9a-f]{24}>\n发薪日是25号\n</message-", said[0]);
        Assert.Equal("And into French?", said[^1]);
    }

    private static async Task<WebApplication> ModelAsync(ConcurrentQueue<string> asked)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        app.Run(async http =>
        {
            using var body = new StreamReader(http.Request.Body);
            asked.Enqueue(await body.ReadToEndAsync());
            http.Response.ContentType = "text/event-stream";
            await http.Response.WriteAsync("data: {\"choices\":[{\"delta\":{\"content\":\"I see.\"},\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n");
        });
        await app.StartAsync();
        return app;
    }
}

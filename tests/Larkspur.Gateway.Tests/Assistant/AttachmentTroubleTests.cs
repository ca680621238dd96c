using System.Diagnostics.Metrics;
using System.Text.Json;
using Larkspur.Gateway.Assistant;
using Larkspur.Gateway.Assistant.Attachments;
using Larkspur.Gateway.Assistant.Turns;
using Larkspur.Gateway.Common.Localisation;
using Larkspur.Gateway.Conversations;
using Larkspur.Gateway.People.Identities;
using Larkspur.Gateway.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Larkspur.Gateway.Tests.Assistant;

/// <summary>Pictures that a backend refuses after all, that no disk takes, or that are too many to be kept.</summary>
[Trait("Database", "PostgreSQL")]
public sealed class AttachmentTroubleTests
{
    [Fact]
    public async Task A_picture_alone_that_is_refused_at_its_upload_goes_to_the_next_backend()
    {
        await using var refusing = await RefusingAsync();
        await using var fixture = await AssistantFixture.StartAsync(e =>
        [
            SentFiles.AtOnce, new("DIFY_API_KEY", null), new("DIFY_BASE_URL", null), .. Refusing(refusing), .. AssistantFixture.Backend("seeing", "app-emulator-key", e), new("Larkspur:Assistant:Backends:default:Fallback", "seeing"),
        ]);
        await SendAsync(fixture, SentFiles.Png());
        var answer = await fixture.AnswerAsync("**What is this?** (with 1 file)");
        Assert.DoesNotContain("was not read", answer.Card!.Json, StringComparison.Ordinal);
        Assert.Equal(["seeing"], await fixture.RowsAsync("SELECT backend FROM assistant_turn", r => r.GetString(0)));
    }

    [Fact]
    public async Task A_picture_alone_that_every_backend_refuses_is_said_not_to_be_looked_at()
    {
        await using var refusing = await RefusingAsync();
        await using var fixture = await AssistantFixture.StartAsync(_ => [SentFiles.AtOnce, new("DIFY_API_KEY", null), new("DIFY_BASE_URL", null), .. Refusing(refusing)]);
        await SendAsync(fixture, SentFiles.Png());
        var card = await fixture.UntilAsync(m => m.Card?.Json.Contains("asst:again", StringComparison.Ordinal) == true);
        Assert.Contains("I could not look at what you sent", card.Card!.Json, StringComparison.Ordinal);
        Assert.Contains("this assistant cannot read files of this type", card.Card.Json, StringComparison.Ordinal);
        Assert.Equal(["no_file"], await fixture.RowsAsync("SELECT reason FROM assistant_turn", r => r.GetString(0)));
    }

    [Fact]
    public async Task No_more_files_are_kept_than_are_read_of_a_question_whatever_becomes_of_them()
    {
        await using var fixture = await AssistantFixture.StartAsync(_ => [SentFiles.AtOnce, new("Larkspur:Assistant:MaxFiles", "2")]);
        var keys = new List<string>();
        for (byte i = 1; i <= 4; i++)
        {
            keys.Add(await SendAsync(fixture, [(byte)'I', (byte)'I', 0x2a, 0, i]));
            await fixture.HoldsAsync(() => fixture.Sent().Count(m => m.Card?.Json.Contains("cannot read files of this type", StringComparison.Ordinal) == true) == i);
        }

        var before = Downloads(fixture);
        await fixture.Emulator.ActAsync(new
        {
            @as = "alice", @do = "send", msg_type = "post",
            content = new { zh_cn = new { title = "", content = (object[])[new object[] { new { tag = "text", text = "All four?" } }, .. keys.Select(key => new object[] { new { tag = "img", image_key = key } })] } },
        });
        var answer = await fixture.AnswerAsync("**All four?**.");
        Assert.Contains("at most 2 files are taken at once", answer.Card!.Json, StringComparison.Ordinal);
        Assert.Equal(2, Downloads(fixture) - before);
    }

    [Theory]
    [InlineData(typeof(IOException))]
    [InlineData(typeof(UnauthorizedAccessException))]
    public async Task A_disk_that_takes_nothing_costs_the_file_and_not_the_question(Type fault)
    {
        using var meter = new Meter("test");
        using var files = new QuestionFiles([new Broken((Exception)Activator.CreateInstance(fault)!)], new AssistantOptions(), new AssistantMetrics(meter, new RunningTurns()), TimeProvider.System, NullLogger<QuestionFiles>.Instance);
        var turn = new Turn
        {
            Name = "tu_1", Conversation = 1, Person = "p", Route = "default", Platform = "broken", App = "a", ChatId = "c", Reply = new ReplyAddress("c", "chat_id", "c"), Sender = new PlatformAccount { Platform = "broken", App = "a", Ids = [] },
            Language = Language.English, Reference = "r", Question = "What?", AskedAt = DateTimeOffset.UnixEpoch,
        };
        var unread = await Assert.ThrowsAsync<AttachmentException>(() => files.ReadAsync(turn, new UnifiedAttachment("image", "k", null), TestContext.Current.CancellationToken));
        Assert.Equal(AttachmentTrouble.Unavailable, unread.Trouble);
    }

    private static int Downloads(AssistantFixture fixture) => fixture.Emulator.State.Inspector.Calls().Count(c => c.Path.Contains("/resources/", StringComparison.Ordinal));

    /// <returns>The key of the picture.</returns>
    private static async Task<string> SendAsync(AssistantFixture fixture, byte[] bytes)
    {
        var sent = await fixture.Emulator.ActAsync(new { @as = "alice", @do = "send", msg_type = "image", base64 = SentFiles.Base64(bytes), name = "a.png" });
        using var json = JsonDocument.Parse(fixture.Emulator.State.Message(sent["message_id"]!.GetValue<string>())!.Content);
        return json.RootElement.GetProperty("image_key").GetString()!;
    }

    private static IEnumerable<KeyValuePair<string, string?>> Refusing(WebApplication dify) =>
        [new("Larkspur:Assistant:Backends:default:BaseUrl", dify.Urls.Single() + "/v1"), new("Larkspur:Assistant:Backends:default:ApiKey", "app-refusing-0123456789")];

    /// <summary>A Dify that says that it takes pictures, and takes none.</summary>
    private static async Task<WebApplication> RefusingAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        app.Run(async http =>
        {
            await http.Request.Body.CopyToAsync(Stream.Null);
            var takes = http.Request.Path == "/v1/parameters";
            http.Response.StatusCode = takes ? 200 : 415;
            http.Response.ContentType = "application/json";
            await http.Response.WriteAsync(takes ? """{"file_upload":{"enabled":true,"allowed_file_types":["image"],"number_limits":3}}""" : """{"code":"unsupported_file_type","message":"","status":415}""");
        });
        await app.StartAsync();
        return app;
    }

    /// <summary>A channel whose copy fails as a disk does that is full, or may not be written to.</summary>
    private sealed class Broken(Exception fault) : IConversationChannel
    {
        public string Platform => "broken";

        public IReadOnlyList<ChannelKind> Kinds => [];

        public ValueTask SayAsync(IUnitOfWork unit, string app, ReplyAddress to, UnifiedResponse response, string key, string reference) => throw new NotSupportedException();

        public Task<IAnswer> OpenAsync(AnswerRequest request, CancellationToken cancellation) => throw new NotSupportedException();

        public Task<AttachmentFacts> ReadAttachmentAsync(string app, UnifiedAttachment attachment, Stream into, long maxBytes, CancellationToken cancellation) => Task.FromException<AttachmentFacts>(fault);
    }
}

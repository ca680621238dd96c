using System.Collections.Concurrent;
using System.Net;
using System.Text;
using System.Text.Json;
using Larkspur.Feishu;
using Larkspur.Feishu.Messaging.Streaming;
using Larkspur.Gateway.Apps.Feishu;
using Larkspur.Gateway.Approvals;
using Larkspur.Gateway.Cards;
using Larkspur.Gateway.Conversations;
using Larkspur.Gateway.Notifications;
using Larkspur.Gateway.Outbox;
using Larkspur.Gateway.Streams;
using Larkspur.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Larkspur.Gateway.Tests;

/// <summary>What every operation of the outbox has to be, whichever room registers it. A new one is judged here without being named, but for a sample of its row.</summary>
public sealed class OutboxOperationTests : IAsyncLifetime
{
    private const string Key = "lk00112233445566778899aabbccddeeff";

    /// <summary>A row of each that is done on Feishu and needs nothing else there: what it calls, and under which key.</summary>
    private static readonly Dictionary<OutboxOperation, OutboxMessage> Samples = new OutboxMessage[]
    {
        OutboxMessage.ToChat("oc_1", "text", """{"text":"hello"}"""),
        OutboxMessage.Reply("oc_1", "om_1", "text", """{"text":"hello"}"""),
        OutboxMessage.PatchCard("om_1", "{}"),
        OutboxMessage.Forward("chat_id", "oc_1", "om_1"),
        OutboxMessage.MergeForward("chat_id", "oc_1", ["om_1", "om_2"]),
        OutboxMessage.Recall("om_1"),
        CardTokenUpdate.Message("c-1", "om_1", """{"schema":"2.0"}""", null),
        UrgentPush.Message("om_1", """{"user_id_type":"open_id","user_id_list":["ou_alice"]}"""),
        Row(InstanceCreate.Definition, "approval_code", """{"approval_code":"A","form":"[]"}"""),
        Row(InstanceCancel.Definition, "uuid", """{"approval_code":"A","user_id_type":"open_id","user_id":"ou_alice"}"""),
        Row(ApprovalRemind.Definition, "open_id", """{"template_id":"1021"}"""),
        Row(OpenStream.Definition, "chat_id", "{}"),
        Row(FinishStream.Definition, "chat_id", "{}"),
        Row(AnswerPicture.Operation, "chat_id", """{"image_key":"img_1"}"""),
    }.ToDictionary(m => m.Operation);

    /// <summary>They ask the platform or the database for more before they call.</summary>
    private static readonly OutboxOperation[] AskFirst = [InstanceCancel.Definition, OpenStream.Definition, FinishStream.Definition];

    private FeishuStub _feishu = null!;
    private GatewayApp _gateway = null!;

    private OutboxOperations Operations => _gateway.Services.GetRequiredService<OutboxOperations>();

    private IReadOnlyList<IFeishuOperation> OnFeishu => [.. _gateway.Services.GetServices<IFeishuOperation>()];

    public async ValueTask InitializeAsync()
    {
        _feishu = await FeishuStub.StartAsync();
        _gateway = await GatewayApp.StartAsync(_feishu.Address, new Dictionary<string, string?>
        {
            ["Larkspur:Outbox:Enabled"] = "false",
            ["DINGTALK_CLIENT_ID"] = "ding1", ["DINGTALK_CLIENT_SECRET"] = "not-a-real-one", ["DINGTALK_ROBOT_CODE"] = "ding1", ["DINGTALK_BASE_URL"] = "http://127.0.0.1:1",
        });
    }

    public async ValueTask DisposeAsync()
    {
        await _gateway.DisposeAsync();
        await _feishu.DisposeAsync();
    }

    [Fact]
    public void Each_has_a_name_of_its_own_that_rows_can_keep()
    {
        var known = Operations;
        Assert.True(known.All.Count >= 16);
        Assert.All(known.All, o => Assert.Matches("^[a-z]+(_[a-z]+)*$", o.Name));
        Assert.All(known.All, o => Assert.Same(o, known.Find(o.Name)));
        Assert.Null(known.Find("teleport"));
        Assert.Throws<InvalidOperationException>(() => new OutboxOperations([.. known.All, new OutboxOperation("create", Repetition.UnderKey, "another")]));
    }

    /// <summary>Rows are found by these names, those of older versions too.</summary>
    [Theory]
    [InlineData("create", "reply", "patch", "webhook", "forward", "merge_forward", "stream_open", "stream_finish", "card_update", "instance_create", "instance_cancel",
        "approval_remind", "recall", "urge", "bot_answer", "card_answer", "picture")]
    public void What_older_versions_have_stored_is_known(params string[] names) => Assert.All(names, name => Assert.NotNull(Operations.Find(name)));

    [Fact]
    public void Each_is_done_by_a_platform_and_no_platform_does_what_is_not_registered()
    {
        var done = _gateway.Services.GetServices<IChannel>().SelectMany(c => c.Operations).ToHashSet();
        Assert.Empty(Operations.All.Where(o => !done.Contains(o)).Select(o => o.Name));
        Assert.Empty(done.Where(o => !ReferenceEquals(Operations.Find(o.Name), o)).Select(o => o.Name));
    }

    [Fact]
    public void Each_has_a_title_in_both_languages_and_a_line_in_the_description_of_the_API()
    {
        var page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "rest.md"));
        Assert.All(Operations.All, o =>
        {
            Assert.NotEmpty(o.Title.Chinese);
            Assert.NotEmpty(o.Title.English);
            Assert.True(o.Title.English == "Webhook" || o.Title.Chinese.Any(c => c > 0x2e80), $"{o.Name} has no Chinese title");
            Assert.Contains($"| `{o.Name}` |", page, StringComparison.Ordinal);
        });
    }

    /// <summary>The index over changes, and what ends older ones, know them by this one name.</summary>
    [Fact]
    public void Only_patch_is_a_change() => Assert.All(Samples.Values, m => Assert.Equal(m.Operation.Name == "patch", Entry(m).IsChange));

    [Fact]
    public void What_is_done_on_Feishu_has_a_sample_here_and_names_its_endpoint()
    {
        Assert.Empty(OnFeishu.Where(o => !Samples.ContainsKey(o.Operation)).Select(o => o.Operation.Name));
        Assert.All(OnFeishu, o => Assert.NotEmpty(o.EndpointOf(Entry(Samples[o.Operation])).Id));
    }

    [Fact]
    public async Task What_is_done_on_Feishu_calls_the_endpoint_that_it_names_under_the_rows_key_and_the_same_each_time()
    {
        foreach (var operation in OnFeishu.Where(o => !AskFirst.Contains(o.Operation)))
        {
            using var platform = new Recorder();
            var entry = Entry(Samples[operation.Operation]);
            await platform.DoAsync(operation, entry);
            await platform.DoAsync(operation, entry);
            Assert.Equal(2, platform.Calls.Count);
            var (first, second) = (platform.Calls.First(), platform.Calls.Last());
            Assert.Equal(first, second);
            var endpoint = operation.EndpointOf(entry);
            Assert.Equal(endpoint.Method.Method, first.Method);
            Assert.True(Fits(endpoint.Path, first.Address.Split('?')[0]), $"{operation.Operation} names {endpoint.Path} and calls {first.Address}");
            if (operation.Operation.Repetition == Repetition.UnderKey) Assert.NotNull(endpoint.IdempotencyField);
            if (endpoint.IdempotencyField is not null) Assert.Contains(Key, first.Address + first.Body, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_streams_card_is_opened_under_a_key_that_is_the_same_each_time()
    {
        await using var stream = await _gateway.Services.GetRequiredService<IStreams>().OpenAsync(
            new StreamRequest { App = "default", Key = "conformance", Lane = "oc_1", Target = StreamTarget.To("chat_id", "oc_1") }, TestContext.Current.CancellationToken);
        var entry = Entry(Samples[OpenStream.Definition] with { Content = StreamOrder.Write(stream.Id, 0, null) });
        using var platform = new Recorder();
        var operation = OnFeishu.Single(o => o.Operation == OpenStream.Definition);
        await platform.DoAsync(operation, entry);
        Assert.Contains(platform.Calls, c => Uuid(c.Body) is { Length: > 0 and <= 50 });
    }

    private static string? Uuid(string body)
    {
        using var json = JsonDocument.Parse(body.Length == 0 ? "{}" : body);
        return json.RootElement.TryGetProperty("uuid", out var uuid) ? uuid.GetString() : null;
    }

    private static bool Fits(string template, string path)
    {
        var (wanted, given) = (template.Split('/'), path.Split('/'));
        return wanted.Length == given.Length && wanted.Zip(given).All(p => p.First.StartsWith(':') || p.First.StartsWith('{') || p.First == p.Second);
    }

    private static OutboxMessage Row(OutboxOperation operation, string targetType, string content) => new()
    {
        Operation = operation, Lane = "lane", TargetType = targetType, Target = "target", MessageType = "sample", Content = content,
    };

    private static OutboxEntry Entry(OutboxMessage message) => new()
    {
        Id = 1, Platform = "feishu", App = "default", Message = message, IdempotencyKey = Key, InboxId = 0, Reference = "R",
        CreatedAt = DateTimeOffset.UnixEpoch, NotBefore = DateTimeOffset.UnixEpoch, Partition = 0,
    };

    /// <summary>A platform that takes everything, and what was said to it.</summary>
    private sealed class Recorder : HttpMessageHandler
    {
        private readonly FeishuClient _client;

        public Recorder() => _client = new FeishuClient(
            new FeishuOptions { AppId = "cli_test", AppSecret = "not-a-secret", BaseUrl = new Uri("http://127.0.0.1:9") }, new HttpClient(this, disposeHandler: false));

        public ConcurrentQueue<(string Method, string Address, string Body)> Calls { get; } = new();

        public Task<string?> DoAsync(IFeishuOperation operation, OutboxEntry entry) =>
            operation.SendAsync(_client, entry, new FeishuCallOptions { MaxAttempts = 1 }, TestContext.Current.CancellationToken);

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var path = request.RequestUri!.AbsolutePath;
            var token = path.EndsWith("/internal", StringComparison.Ordinal);
            if (!token) Calls.Enqueue((request.Method.Method, request.RequestUri.PathAndQuery, request.Content is null ? "" : await request.Content.ReadAsStringAsync(cancellationToken)));
            return new HttpResponseMessage(HttpStatusCode.OK)
            {
                Content = new StringContent(token ? """{"code":0,"tenant_access_token":"t-1","expire":7200}"""
                    : """{"code":0,"data":{"message_id":"om_9","card_id":"c_9","instance_code":"I","message":{"message_id":"om_9"}}}""", Encoding.UTF8, "application/json"),
            };
        }
    }
}

using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Larkspur.Feishu;
using Larkspur.Feishu.Approvals;

namespace Larkspur.Approvals.Tests.External;

public sealed class ExternalTests : EmulatorTests
{
    private const string Token = "callback-token";
    private const string Key = "callback-key";
    private static readonly Uri Page = new("https://erp.example.com/r/1");

    [Fact]
    public async Task Another_systems_request_is_shown_decided_in_the_platform_and_compared()
    {
        await using Wire erp = await Wire.StartAsync();
        string kind = await Feishu.Approvals.External.PutAsync(
            new("erp-purchase", new("采购", "Purchase"), "erp") { GroupName = "ERP", CreateOnPc = Page, CallbackUrl = erp.Address, CallbackToken = Token, CallbackKey = Key }, cancellationToken: Stop);
        DateTimeOffset now = Time.GetUtcNow();
        ExternalInstance instance = Instance(kind, now);
        await Feishu.Approvals.External.ShowAsync(instance, cancellationToken: Stop);

        Task<JsonObject> click = Emulator.ActAsync(new { @as = "bob", @do = "approve", instance = "R-1", comment = "可以" });
        WireCall post = await erp.NextAsync();
        await click;
        Assert.DoesNotContain("R-1", post.Text, StringComparison.Ordinal);
        ExternalApprovalReception decided = new ExternalApprovalReceiver(Token, Key).Receive(post.Bytes);
        Assert.Equal((true, "bob", "R-1", "T-1", "ctx", "可以", kind), decided.Action is { } action
            ? (action.IsApproved, action.UserId, action.InstanceId, action.TaskId, action.Context, action.Reason, action.ApprovalCode) : default);

        Dictionary<string, DateTimeOffset> tasks = new() { ["T-1"] = now };
        Assert.Empty(await ListAsync(Feishu.Approvals.External.CheckAsync([new("R-1", now, tasks)], cancellationToken: Stop)));
        ExternalStamp different = Assert.Single(await ListAsync(Feishu.Approvals.External.CheckAsync([new("R-1", now.AddSeconds(1), tasks), new("R-1", now, tasks)], cancellationToken: Stop)));
        Assert.Equal(("R-1", now.ToUnixTimeMilliseconds()), (different.InstanceId, different.UpdatedAt!.Value.ToUnixTimeMilliseconds()));
        ExternalTaskList shown = Assert.Single(await ListAsync(Feishu.Approvals.External.TasksAsync(new() { ApprovalCodes = [kind] }, cancellationToken: Stop)));
        Assert.Equal(("R-1", "T-1"), (shown.InstanceId, shown.Tasks.Single().TaskId));
    }

    [Fact]
    public async Task Many_are_compared_in_batches()
    {
        await using Wire wire = await Wire.StartAsync();
        wire.Say("""{"diff_instances":[{"instance_id":"x","update_time":"0","tasks":[]}]}""");
        IEnumerable<ExternalStamp> many = Enumerable.Range(0, 250).Select(i => new ExternalStamp($"{i}", DateTimeOffset.UnixEpoch.AddDays(1), new Dictionary<string, DateTimeOffset>()));
        List<ExternalStamp> different = await ListAsync(wire.Client().Approvals.External.CheckAsync(many, cancellationToken: Stop));
        Assert.Equal([100, 100, 50], wire.Calls.Select(c => c.Json["instances"]!.AsArray().Count));
        Assert.All(different, d => Assert.Null(d.UpdatedAt));
    }

    [Fact]
    public async Task What_the_platform_would_refuse_is_told_before_the_call()
    {
        await using Wire wire = await Wire.StartAsync();
        ExternalApprovals external = wire.Client().Approvals.External;
        await Assert.ThrowsAsync<ArgumentException>(() => external.PutAsync(new("a", "b", "c"), cancellationToken: Stop));
        await Assert.ThrowsAsync<ArgumentException>(() => external.PutAsync(new("a", "b", "c") { CreateOnPc = Page, CallbackUrl = Page }, cancellationToken: Stop));
        ExternalInstance instance = Instance("A", DateTimeOffset.UnixEpoch.AddDays(1));
        await Assert.ThrowsAsync<ArgumentException>(() => external.ShowAsync(instance with { Tasks = [.. Enumerable.Repeat(instance.Tasks[0], 2)] }, cancellationToken: Stop));
        await Assert.ThrowsAsync<ArgumentException>(() => external.ShowAsync(instance with { Tasks = [.. Enumerable.Range(0, 301).Select(i => instance.Tasks[0] with { TaskId = $"{i}" })] }, cancellationToken: Stop));
        await Assert.ThrowsAsync<ArgumentException>(() => external.ShowAsync(instance with { Tasks = [instance.Tasks[0] with { State = ApprovalTaskState.RolledBack }] }, cancellationToken: Stop));
        await Assert.ThrowsAsync<ArgumentException>(async () => await ListAsync(external.TasksAsync(new() { InstanceIds = [.. Enumerable.Range(0, 21).Select(i => $"{i}")] }, cancellationToken: Stop)));
        Assert.Empty(wire.Calls);
        Assert.DoesNotContain(Token, new ExternalApprovalDraft("a", "b", "c") { CallbackToken = Token }.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_post_of_the_reference_is_read()
    {
        ExternalApprovalAction action = new ExternalApprovalReceiver("aaaaa").Receive(Encoding.UTF8.GetBytes("""
            {"action_type":"REJECT","action_context":"12345","user_id":"b85s39b","approval_code":"A3895051","message_id":6887,"id":"step1","reason":"ok",
             "attachments":[{"file_type":"IMAGE","file_name":"1.png","file_size":12345,"url":"https://example.com/1"}],"token":"aaaaa"}
            """)).Action!;
        Assert.Equal((false, true, "6887", "step1", null), (action.IsApproved, action.IsRejected, action.MessageId, action.TaskId, action.InstanceId));
        Assert.Equal(new ExternalApprovalAttachment("https://example.com/1", "1.png", 12345, true), action.Attachments.Single());
    }

    [Theory]
    [InlineData("""{"action_type":"APPROVE","user_id":"b","approval_code":"A","token":"aaaab"}""", ExternalApprovalRefusal.WrongToken)]
    [InlineData("""{"action_type":"APPROVE","user_id":"b","approval_code":"A"}""", ExternalApprovalRefusal.WrongToken)]
    [InlineData("""{"action_type":"APPROVE","user_id":"b","approval_code":"A","token":["aaaaa"]}""", ExternalApprovalRefusal.WrongToken)]
    [InlineData("""{"action_type":"APPROVE","user_id":"b","approval_code":"A","token":"x","token":"aaaaa"}""", ExternalApprovalRefusal.Malformed)]
    [InlineData("""{"action_type":"APPROVE","approval_code":"A","token":"aaaaa"}""", ExternalApprovalRefusal.Malformed)]
    [InlineData("""{"action_type":"\ud800","user_id":"b","approval_code":"A","token":"aaaaa"}""", ExternalApprovalRefusal.Malformed)]
    [InlineData("[]", ExternalApprovalRefusal.Malformed)]
    [InlineData("", ExternalApprovalRefusal.Malformed)]
    [InlineData("{", ExternalApprovalRefusal.Malformed)]
    public void What_is_not_the_platforms_is_refused(string body, ExternalApprovalRefusal refusal)
        => Assert.Equal(new(null, refusal), new ExternalApprovalReceiver("aaaaa").Receive(Encoding.UTF8.GetBytes(body)));

    [Fact]
    public void With_a_key_only_what_is_encrypted_with_it_counts()
    {
        var receiver = new ExternalApprovalReceiver(Token, Key);
        string plain = $$"""{"action_type":"APPROVE","user_id":"b","approval_code":"A","token":"{{Token}}"}""";
        Assert.Equal(ExternalApprovalRefusal.NotEncrypted, receiver.Receive(Encoding.UTF8.GetBytes(plain)).Refusal);
        Assert.Equal("b", receiver.Receive(Encrypted(plain, Key)).Action!.UserId);
        Assert.NotNull(receiver.Receive(Encrypted(plain, "another key")).Refusal);
        Assert.Equal(ExternalApprovalRefusal.WrongToken, receiver.Receive(Encrypted(plain.Replace(Token, "stolen", StringComparison.Ordinal), Key)).Refusal);
        Assert.Equal(ExternalApprovalRefusal.Undecryptable, receiver.Receive("""{"encrypt":"not base64"}"""u8).Refusal);
        Assert.Equal(ExternalApprovalRefusal.TooLarge, receiver.Receive(new byte[ExternalApprovalReceiver.MaxBodyBytes + 1]).Refusal);
    }

    [Fact]
    public void An_answer_can_say_why_not()
        => Assert.Equal("""{"message":"已在 ERP 处理","without_prefix":true}""", Encoding.UTF8.GetString(ExternalApprovalReceiver.Refusal("已在 ERP 处理")));

    private static ExternalInstance Instance(string kind, DateTimeOffset now) => new()
    {
        ApprovalCode = kind, InstanceId = "R-1", State = ExternalInstanceState.Pending, Submitter = Alice, Page = Page, StartedAt = now, UpdatedAt = now, Title = new("显示器", "Monitors"),
        Form = [(new("金额", "Amount"), "1280")],
        Tasks = [new() { TaskId = "T-1", Person = Bob, State = ApprovalTaskState.Pending, CreatedAt = now, UpdatedAt = now, Context = "ctx", QuickDecision = true }],
    };

    private static byte[] Encrypted(string plain, string key)
    {
        using var aes = Aes.Create();
        aes.Key = SHA256.HashData(Encoding.UTF8.GetBytes(key));
        byte[] iv = RandomNumberGenerator.GetBytes(16);
        return Encoding.UTF8.GetBytes(new JsonObject { ["encrypt"] = Convert.ToBase64String([.. iv, .. aes.EncryptCbc(Encoding.UTF8.GetBytes(plain), iv)]) }.ToJsonString());
    }
}

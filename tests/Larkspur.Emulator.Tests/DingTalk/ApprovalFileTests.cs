using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Larkspur.Emulator.Tests.DingTalk;

public sealed class ApprovalFileTests : DingTalkTest
{
    private const string Spaces = "/v1.0/workflow/processInstances/spaces/";

    [Fact]
    public async Task A_file_of_the_form_is_fetched_for_a_quarter_of_an_hour()
    {
        var file = await UploadAsync("alice", "offer.pdf", "the offer");
        Assert.Equal(("offer.pdf", "pdf", "9"), (Said(file, "fileName"), Said(file, "fileType"), Said(file, "fileSize")));
        var id = await StartAsync(file);
        var told = await CallAsync(HttpMethod.Post, Spaces + "files/urls/download", new { processInstanceId = id, fileId = Said(file, "fileId") });
        Assert.Equal(Said(file, "spaceId"), told.Json["result"]!["spaceId"]!.ToJsonString());
        var address = new Uri(told.Json["result"]!["downloadUri"]!.GetValue<string>());
        Assert.Equal("the offer", await Emulator.Http.GetStringAsync(address, TestContext.Current.CancellationToken));
        await Emulator.AdvanceAsync(TimeSpan.FromMinutes(16));
        using var late = await Emulator.Http.GetAsync(address, TestContext.Current.CancellationToken);
        Assert.Equal(403, (int)late.StatusCode);
    }

    [Fact]
    public async Task A_file_beside_a_comment_is_fetched_only_when_the_call_says_so()
    {
        var id = await StartAsync(await UploadAsync("alice", "a.txt", "a"));
        var second = await UploadAsync("bob", "b.txt", "b");
        Assert.Equal("noPermission", (await CallAsync(HttpMethod.Post, Spaces + "files/urls/download", new { processInstanceId = id, fileId = Said(second, "fileId") })).Code);
        second.Remove("ok");
        Assert.Equal(200, (await CallAsync(HttpMethod.Post, "/v1.0/workflow/processInstances/comments", new { processInstanceId = id, text = "see", commentUserId = "bob", file = new { attachments = new[] { second }, photos = new[] { "https://a.example/p.png" } } })).Status);
        Assert.Equal("noPermission", (await CallAsync(HttpMethod.Post, Spaces + "files/urls/download", new { processInstanceId = id, fileId = Said(second, "fileId") })).Code);
        Assert.Equal(200, (await CallAsync(HttpMethod.Post, Spaces + "files/urls/download", new { processInstanceId = id, fileId = Said(second, "fileId"), withCommentAttatchment = true })).Status);
        var record = (await CallAsync(HttpMethod.Get, "/v1.0/workflow/processInstances?processInstanceId=" + id)).Json["result"]!["operationRecords"]!.AsArray()[^1]!;
        Assert.Equal(("ADD_REMARK", "b.txt", "https://a.example/p.png"), (Said(record, "type"), Said(record["attachments"]![0]!, "fileName"), record["images"]![0]!.GetValue<string>()));
    }

    [Fact]
    public async Task Leave_to_look_is_given_to_a_person()
    {
        var file = await UploadAsync("alice", "a.txt", "a");
        var id = await StartAsync(file);
        Assert.Equal(200, (await CallAsync(HttpMethod.Post, Spaces + "authPreview", new { userId = "carol", processInstanceId = id, fileId = Said(file, "fileId") })).Status);
        Assert.Equal(200, (await CallAsync(HttpMethod.Post, Spaces + "files/authDownload", new { userId = "bob", fileInfos = new[] { new { fileId = Said(file, "fileId"), spaceId = long.Parse(Said(file, "spaceId"), System.Globalization.CultureInfo.InvariantCulture) } } })).Status);
        Assert.Equal("""["bob","carol"]""", (await StateAsync())["approval_files"]![0]!["granted"]!.ToJsonString());
        Assert.Equal("userNotExist", (await CallAsync(HttpMethod.Post, Spaces + "authPreview", new { userId = "mallory", processInstanceId = id, fileId = "1" })).Code);
        Assert.Equal("noPermission", (await CallAsync(HttpMethod.Post, Spaces + "authPreview", new { userId = "bob", processInstanceId = id, fileId = "1" })).Code);
        Assert.Equal("processInstNotExist", (await CallAsync(HttpMethod.Post, Spaces + "authPreview", new { userId = "bob", processInstanceId = "x", fileId = "1" })).Code);
        Assert.Equal("invalidFileInfos", (await CallAsync(HttpMethod.Post, Spaces + "files/authDownload", new { userId = "bob" })).Code);
        Assert.Equal("hsfIntegrationErrorCspaceDentryServiceInfo", (await CallAsync(HttpMethod.Post, Spaces + "files/authDownload", new { userId = "bob", fileInfos = new[] { new { fileId = Said(file, "fileId"), spaceId = 1 } } })).Code);
    }

    [Fact]
    public async Task Nobody_uploads_before_the_application_asked_for_the_space()
    {
        await Assert.ThrowsAnyAsync<Exception>(() => ActAsync(new { platform = "dingtalk", @as = "alice", @do = "upload_approval_file", name = "a.txt", base64 = "YQ==" }));
        Assert.Equal("invalidUserId", (await CallAsync(HttpMethod.Post, Spaces + "infos/query", new { })).Code);
        Assert.Equal("userNotExist", (await CallAsync(HttpMethod.Post, Spaces + "infos/query", new { userId = "mallory" })).Code);
    }

    [Theory]
    [InlineData("no list")]
    [InlineData("{}")]
    [InlineData("""[{"fileId":"1"}]""")]
    public async Task A_form_with_half_a_file_is_refused(string value) => Assert.Equal("formConverterError", (await StartReplyAsync(value)).Code);

    private static string Said(JsonNode from, string name) => from[name]!.GetValue<string>();

    private async Task<JsonObject> UploadAsync(string userId, string name, string content)
    {
        Assert.Equal(200, (await CallAsync(HttpMethod.Post, Spaces + "infos/query", new { userId, agentId = App.AgentId })).Status);
        return await ActAsync(new { platform = "dingtalk", @as = userId, @do = "upload_approval_file", name, base64 = Convert.ToBase64String(Encoding.UTF8.GetBytes(content)) });
    }

    private async Task<string> StartAsync(JsonObject file)
    {
        var copy = file.DeepClone().AsObject();
        copy.Remove("ok");
        return Said((await StartReplyAsync(JsonSerializer.Serialize(new[] { copy }))).Json, "instanceId");
    }

    private async Task<DingTalkReply> StartReplyAsync(string value)
    {
        var form = await CallAsync(HttpMethod.Post, "/v1.0/workflow/forms", new { name = "付款" + Guid.NewGuid(), formComponents = new[] { new { componentType = "DDAttachment", props = new { componentId = "f1", label = "附件" } } } });
        return await CallAsync(HttpMethod.Post, "/v1.0/workflow/processInstances", new
        {
            processCode = form.Json["result"]!["processCode"]!.GetValue<string>(), originatorUserId = "alice", deptId = -1, approvers = new[] { new { actionType = "NONE", userIds = new[] { "bob" } } }, formComponentValues = new[] { new { name = "附件", value } },
        });
    }
}

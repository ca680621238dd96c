using System.Text.Json;
using Larkspur.Feishu.Api;
using Larkspur.Feishu.Api.Authen.V1;
using Larkspur.Feishu.Api.Im.V1;

namespace Larkspur.Feishu.Tests.Api;

/// <summary>Typed calls as they leave for the platform and as their answers come back.</summary>
public sealed class TypedCallTests : IAsyncLifetime
{
    private RecordingPlatform _platform = null!;

    private FeishuClient Feishu => _platform.Client;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _platform = await RecordingPlatform.StartAsync();

    public ValueTask DisposeAsync() => _platform.DisposeAsync();

    [Fact]
    public async Task A_message_is_created_with_its_receiver_kind_in_the_query_and_the_rest_in_the_body()
    {
        _platform.Answers("""{"message_id":"om_1","msg_type":"hologram","sender":{"id":"ou_1"}}""");

        var message = await Feishu.Im.V1.Message.CreateAsync(new()
        {
            ReceiveIdType = ReceiveIdType.ChatId,
            ReceiveId = "oc_1",
            MsgType = MsgType.Text,
            Content = """{"text":"你好"}""",
            Uuid = "u-1",
        }, cancellationToken: Cancel);

        var request = _platform.Single();
        Assert.Equal("POST /open-apis/im/v1/messages?receive_id_type=chat_id", $"{request.Method} {request.Path}{request.Query}");
        Assert.Equal("Bearer t-test", request.Authorization);
        Assert.Equal("""{"receive_id":"oc_1","msg_type":"text","content":"{\"text\":\"你好\"}","uuid":"u-1"}""", request.Body);
        Assert.Equal("om_1", message.MessageId);
        Assert.Equal("hologram", message.MsgType?.Value);
        Assert.Equal("ou_1", message.Sender?.Id);
        Assert.Null(message.ChatId);
    }

    [Fact]
    public async Task A_card_is_patched_under_its_escaped_message_id_and_the_answer_needs_no_data()
    {
        await Feishu.Im.V1.Message.PatchAsync(new() { MessageId = "om/1", Content = "{}" }, cancellationToken: Cancel);

        var request = _platform.Single();
        Assert.Equal("PATCH", request.Method);
        Assert.EndsWith("om%2F1", request.Path, StringComparison.OrdinalIgnoreCase);
        Assert.Equal("""{"content":"{}"}""", request.Body);
    }

    [Fact]
    public async Task A_read_sends_no_body_and_leaves_out_what_is_not_set()
    {
        await Feishu.Im.V1.Message.ListAsync(new() { ContainerIdType = "chat", ContainerId = "oc_1", PageSize = 20 }, cancellationToken: Cancel);

        var request = _platform.Single();
        Assert.Equal("?container_id_type=chat&container_id=oc_1&page_size=20", request.Query);
        Assert.Equal("", request.Body);
    }

    [Fact]
    public async Task Pages_are_followed_to_the_end()
    {
        _platform.Answers("""{"items":[{"message_id":"1"},{"message_id":"2"}],"has_more":true,"page_token":"a"}""")
            .Answers("""{"items":[],"has_more":true,"page_token":"b"}""")
            .Answers("""{"items":[{"message_id":"3"}],"has_more":false,"page_token":"c"}""");

        var ids = new List<string?>();
        await foreach (var message in Feishu.Im.V1.Message.ListAllAsync(new() { ContainerIdType = "chat", ContainerId = "oc_1" }, cancellationToken: Cancel)) ids.Add(message.MessageId);

        Assert.Equal(["1", "2", "3"], ids);
        Assert.Equal(["", "a", "b"], _platform.Requests.Select(request => System.Web.HttpUtility.ParseQueryString(request.Query)["page_token"] ?? ""));
    }

    [Fact]
    public async Task A_page_token_that_comes_again_ends_the_walk()
    {
        foreach (var token in (string[])["a", "b", "a", "b", "a"]) _platform.Answers($$"""{"items":[{"message_id":"{{token}}"}],"has_more":true,"page_token":"{{token}}"}""");

        var seen = 0;
        await foreach (var _ in Feishu.Im.V1.Message.ListAllAsync(new() { ContainerIdType = "chat", ContainerId = "oc_1" }, cancellationToken: Cancel)) seen++;

        Assert.Equal(3, seen);
    }

    [Fact]
    public async Task A_walk_stops_when_it_is_cancelled()
    {
        _platform.Answers("""{"items":[{"message_id":"1"},{"message_id":"2"}],"has_more":true,"page_token":"a"}""");
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancel);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (var _ in Feishu.Im.V1.Message.ListAllAsync(new() { ContainerIdType = "chat", ContainerId = "oc_1" }, cancellationToken: Cancel).WithCancellation(stop.Token)) await stop.CancelAsync();
        });
        Assert.Single(_platform.Requests);
    }

    [Fact]
    public async Task Several_lists_in_one_answer_come_page_by_page()
    {
        _platform.Answers("""{"user_ids":["u1"],"department_ids":["d1"],"has_more":true,"page_token":"a"}""").Answers("""{"user_ids":["u2"],"has_more":false}""");

        var users = new List<string>();
        await foreach (var page in Feishu.Contact.V3.Scope.ListPagesAsync(cancellationToken: Cancel)) users.AddRange(page.UserIds ?? []);

        Assert.Equal(["u1", "u2"], users);
    }

    [Fact]
    public async Task An_image_travels_as_multipart()
    {
        _platform.Answers("""{"image_key":"img_1"}""");

        var image = await Feishu.Im.V1.Image.CreateAsync(new() { ImageType = ImageType.Message, Image = new FeishuFile(new MemoryStream("PNG"u8.ToArray()), "a.png", "image/png") }, cancellationToken: Cancel);

        var request = _platform.Single();
        Assert.StartsWith("multipart/form-data; boundary=", request.ContentType);
        Assert.Contains("image_type", request.Body, StringComparison.Ordinal);
        Assert.Contains("a.png", request.Body, StringComparison.Ordinal);
        Assert.Contains("PNG", request.Body, StringComparison.Ordinal);
        Assert.Equal("img_1", image.ImageKey);
    }

    [Fact]
    public async Task Table_records_take_any_cell_value_and_carry_their_token_in_the_query()
    {
        _platform.Answers("""{"records":[{"record_id":"rec1","fields":{"Amount":12.5}}]}""");

        var answer = await Feishu.Bitable.V1.App.Table.Record.BatchCreateAsync(new()
        {
            AppToken = "app1",
            TableId = "tbl1",
            ClientToken = "ct-1",
            Records = [new() { Fields = new Dictionary<string, object?> { ["Amount"] = 12.5, ["Tags"] = new[] { "a", "b" }, ["Person"] = new[] { new { id = "ou_1" } } } }],
        }, cancellationToken: Cancel);

        var request = _platform.Single();
        Assert.Equal("/open-apis/bitable/v1/apps/app1/tables/tbl1/records/batch_create?client_token=ct-1", request.Path + request.Query);
        Assert.Equal("""{"records":[{"fields":{"Amount":12.5,"Tags":["a","b"],"Person":[{"id":"ou_1"}]}}]}""", request.Body);
        Assert.Equal(12.5, answer.Records![0].Fields!["Amount"].GetDouble());
    }

    [Fact]
    public async Task An_approval_is_created_with_its_form_as_text()
    {
        _platform.Answers("""{"instance_code":"I-1"}""");

        var instance = await Feishu.Approval.V4.Instance.CreateAsync(new()
        {
            ApprovalCode = "A-1",
            UserId = "alice",
            Form = """[{"id":"w1","type":"input","value":"x"}]""",
            Uuid = "u-1",
            NodeApproverUserIdList = [new() { Key = "n1", Value = ["bob"] }],
        }, cancellationToken: Cancel);

        var body = _platform.Single().Json;
        Assert.Equal(["approval_code", "user_id", "form", "node_approver_user_id_list", "uuid"], body.EnumerateObject().Select(member => member.Name));
        Assert.Equal(JsonValueKind.String, body.GetProperty("form").ValueKind);
        Assert.Equal("I-1", instance.InstanceCode);
    }

    [Fact]
    public async Task An_oauth_token_is_fetched_without_a_bearer_and_read_from_a_flat_answer()
    {
        _platform.AnswersWhole("application/json", """{"code":0,"access_token":"u-1","expires_in":7200,"token_type":"Bearer"}""");

        var token = await Feishu.Authen.V2.OauthToken.CreateAsync(new() { GrantType = "authorization_code", ClientId = "cli_test", ClientSecret = "s", Code = "c" }, cancellationToken: Cancel);

        var request = _platform.Single();
        Assert.Null(request.Authorization);
        Assert.Equal("authorization_code", request.Json.GetProperty("grant_type").GetString());
        Assert.Equal("u-1", token.AccessToken);
        Assert.Equal(7200, token.ExpiresIn);
    }

    [Fact]
    public void The_sign_in_page_is_an_address_for_the_browser()
    {
        var address = Feishu.Authen.V1.AuthorizeUrl(new AuthorizeRequest { ClientId = "cli_test", ResponseType = "code", RedirectUri = "https://app.example/cb?x=1", State = "s t" });

        Assert.Equal("/open-apis/authen/v1/authorize", address.AbsolutePath);
        Assert.Equal("?client_id=cli_test&response_type=code&redirect_uri=https%3A%2F%2Fapp.example%2Fcb%3Fx%3D1&state=s%20t", address.Query);
        Assert.Empty(_platform.Requests);
    }

    [Fact]
    public async Task The_old_oauth_token_travels_as_a_url_encoded_form()
    {
        _platform.AnswersWhole("application/json", """{"access_token":"u-1","expires_in":7200}""");

#pragma warning disable CS0618 // Historic, and the only url-encoded form in the catalogue.
        await Feishu.Passport.Oauth.TokenAsync(new() { GrantType = "authorization_code", ClientId = "cli_test", ClientSecret = "s", Code = "c", RedirectUri = "https://app.example/" }, cancellationToken: Cancel);
#pragma warning restore CS0618

        var request = _platform.Single();
        Assert.StartsWith("application/x-www-form-urlencoded", request.ContentType);
        Assert.Contains("redirect_uri=https%3A%2F%2Fapp.example%2F", request.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_name_that_stands_in_query_and_body_keeps_its_plain_name_for_the_body()
    {
        await Feishu.Drive.V1.Permission.Member.CreateAsync(new() { Token = "tok", TypeInQuery = "doc", Type = "user", MemberType = "openid", MemberId = "ou_1", Perm = "view" }, cancellationToken: Cancel);

        var request = _platform.Single();
        Assert.Contains("type=doc", request.Query, StringComparison.Ordinal);
        Assert.Equal("user", request.Json.GetProperty("type").GetString());
    }

    [Fact]
    public async Task A_download_streams_the_bytes()
    {
        _platform.AnswersWhole("image/png", "bytes");

        await using var image = await Feishu.Im.V1.Image.GetAsync(new() { ImageKey = "img_1" }, cancellationToken: Cancel);

        using var reader = new StreamReader(image.Content);
        Assert.Equal("bytes", await reader.ReadToEndAsync(Cancel));
        Assert.Equal("image/png", image.ContentType);
    }

    [Fact]
    public void Records_with_secrets_do_not_show_them()
    {
        var request = new Larkspur.Feishu.Api.Auth.V3.TenantAccessTokenInternalRequest { AppId = "cli_test", AppSecret = "top-secret" };
        Assert.DoesNotContain("top-secret", request.ToString(), StringComparison.Ordinal);
        var answer = new Larkspur.Feishu.Api.Auth.V3.TenantAccessTokenInternalResponse { TenantAccessToken = "t-secret" };
        Assert.DoesNotContain("t-secret", $"{answer}", StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_request_with_required_members_must_be_given()
        => await Assert.ThrowsAsync<ArgumentNullException>("request", () => Feishu.Im.V1.Message.CreateAsync(null!, cancellationToken: Cancel));
}

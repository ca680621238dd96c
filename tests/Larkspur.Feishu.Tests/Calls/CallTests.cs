using System.Net;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Larkspur.Feishu.Tests.Calls;

public sealed class CallTests : IAsyncLifetime
{
    private StubPlatform _platform = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _platform = await StubPlatform.StartAsync();

    public ValueTask DisposeAsync() => _platform.DisposeAsync();

    [Fact]
    public async Task A_call_returns_its_data_and_carries_token_and_user_agent()
    {
        _platform.OnCall = (c, _) => StubPlatform.Json(c, 200, """{"code":0,"data":{"message_id":"om_1","count":"7"}}""");

        Thing thing = await _platform.Client().SendAsync<Thing>(Endpoints.GetThing("a/b ?ü"), cancellationToken: Cancel);

        Assert.Equal(new Thing("om_1", 7), thing);
        StubRequest call = _platform.Calls.Single();
        Assert.Equal("t-1", call.Bearer);
        Assert.StartsWith("larkspur-dotnet/", call.Headers["User-Agent"], StringComparison.Ordinal);
        Assert.Equal("/open-apis/test/v1/things/a%2Fb ?ü", call.Path);
        Assert.Equal("""{"app_id":"cli_a1","app_secret":"app-secret-value"}""", _platform.TokenCalls.Single().Body);
    }

    [Fact]
    public async Task A_body_is_sent_as_readable_json_in_snake_case()
    {
        await _platform.Client().SendAsync(new FeishuRequest(Endpoints.Create) { Body = new { ReceiveId = "ou_1", Text = "你好 <b>", Nothing = (string?)null } }, cancellationToken: Cancel);
        Assert.Equal("""{"receive_id":"ou_1","text":"你好 <b>"}""", _platform.Calls.Single().Body);
        Assert.Equal("application/json; charset=utf-8", _platform.Calls.Single().Headers["Content-Type"]);
    }

    [Fact]
    public async Task Query_values_are_escaped_and_may_repeat()
    {
        FeishuRequest request = Endpoints.GetThing().WithQuery("ids", "a&b").WithQuery("ids", "c").WithQuery("none", null);
        await _platform.Client().SendAsync(request, cancellationToken: Cancel);
        Assert.Equal("?ids=a%26b&ids=c", _platform.Calls.Single().Query);
    }

    [Fact]
    public async Task A_flat_answer_is_returned_whole()
    {
        _platform.OnCall = (c, _) => StubPlatform.Json(c, 200, """{"code":0,"msg":"ok","message_id":"om_2","count":1}""");
        var request = new FeishuRequest(Endpoints.Get with { Answer = FeishuAnswer.Flat }).WithPath("thing_id", "x");
        Assert.Equal("om_2", (await _platform.Client().SendAsync<Thing>(request, cancellationToken: Cancel)).MessageId);
    }

    [Theory]
    [InlineData("..")]
    [InlineData(".")]
    public async Task A_path_value_cannot_climb_to_another_endpoint(string value)
    {
        await Assert.ThrowsAsync<ArgumentException>(() => _platform.Client().SendAsync(Endpoints.GetThing(value), cancellationToken: Cancel));
        Assert.Empty(_platform.Requests);
    }

    [Fact]
    public async Task A_missing_path_value_is_told_before_anything_is_sent()
    {
        var problem = await Assert.ThrowsAsync<ArgumentException>(() => _platform.Client().SendAsync(new FeishuRequest(Endpoints.Get), cancellationToken: Cancel));
        Assert.Contains("{thing_id}", problem.Message, StringComparison.Ordinal);
        Assert.Empty(_platform.Requests);
    }

    [Fact]
    public async Task The_person_s_token_goes_first_then_the_tenant_s_then_the_app_s()
    {
        FeishuClient client = _platform.Client();
        await Send(FeishuTokenKinds.Tenant | FeishuTokenKinds.User, "u-1");
        await Send(FeishuTokenKinds.Tenant | FeishuTokenKinds.User, null);
        await Send(FeishuTokenKinds.Tenant, "u-1");
        await Send(FeishuTokenKinds.App, null);
        await Send(FeishuTokenKinds.None, "u-1");

        Assert.Equal(["u-1", "t-1", "t-1", "a-2", null], _platform.Calls.Select(c => c.Bearer));

        Task Send(FeishuTokenKinds kinds, string? user) => client.SendAsync(
            new FeishuRequest(Endpoints.Create with { Tokens = kinds }), new() { UserAccessToken = user }, Cancel);
    }

    [Fact]
    public async Task A_call_that_needs_a_person_says_so_before_anything_is_sent()
    {
        var problem = await Assert.ThrowsAsync<InvalidOperationException>(
            () => _platform.Client().SendAsync(new FeishuRequest(Endpoints.Create with { Tokens = FeishuTokenKinds.User }), cancellationToken: Cancel));
        Assert.Contains("UserAccessToken", problem.Message, StringComparison.Ordinal);
        Assert.Empty(_platform.Requests);
    }

    [Fact]
    public async Task An_upload_quotes_its_names_and_keeps_a_Chinese_file_name()
    {
        using var file = new MemoryStream("bytes"u8.ToArray());
        var request = new FeishuRequest(Endpoints.Create) { Body = new FeishuForm().With("file_type", "stream").With("file", new FeishuFile(file, "报告\".txt")) };

        await _platform.Client().SendAsync(request, cancellationToken: Cancel);

        StubRequest call = _platform.Calls.Single();
        Assert.Matches("^multipart/form-data; boundary=[a-z0-9-]+$", call.Headers["Content-Type"]);
        Assert.Contains("Content-Disposition: form-data; name=\"file_type\"\r\n\r\nstream", call.Body, StringComparison.Ordinal);
        Assert.Contains("name=\"file\"; filename=\"___.txt\"; filename*=UTF-8''%E6%8A%A5%E5%91%8A%22.txt", call.Body, StringComparison.Ordinal);
        Assert.Contains("Content-Type: application/octet-stream\r\n\r\nbytes", call.Body, StringComparison.Ordinal);
        Assert.True(file.CanRead);
    }

    [Fact]
    public async Task A_form_without_files_may_go_url_encoded()
    {
        await _platform.Client().SendAsync(
            new FeishuRequest(Endpoints.Create) { Body = new FeishuForm { Multipart = false }.With("a", "1 2").With("b", (string?)null) }, cancellationToken: Cancel);
        Assert.Equal("a=1+2", _platform.Calls.Single().Body);
    }

    [Fact]
    public async Task A_file_is_streamed_with_its_name()
    {
        _platform.OnCall = async (c, _) =>
        {
            c.Response.ContentType = "image/png";
            c.Response.Headers.ContentDisposition = "attachment; filename*=UTF-8''%E5%9B%BE.png";
            await c.Response.Body.WriteAsync(new byte[100_000]);
        };
        var request = new FeishuRequest(Endpoints.Get with { Answer = FeishuAnswer.Binary }).WithPath("thing_id", "x");

        await using FeishuDownload download = await _platform.Client().DownloadAsync(request, cancellationToken: Cancel);

        Assert.Equal("图.png", download.FileName);
        Assert.Equal("image/png", download.ContentType);
        using var copy = new MemoryStream();
        await download.Content.CopyToAsync(copy, Cancel);
        Assert.Equal(100_000, copy.Length);
    }

    [Theory]
    [InlineData(200)]
    [InlineData(400)]
    public async Task A_refused_download_is_an_error_and_not_a_file(int status)
    {
        _platform.OnCall = (c, _) => StubPlatform.Json(c, status, """{"code":234008,"msg":"not the owner"}""");
        var request = new FeishuRequest(Endpoints.Get with { Answer = FeishuAnswer.Binary }).WithPath("thing_id", "x");
        var refused = await Assert.ThrowsAsync<FeishuApiException>(() => _platform.Client().DownloadAsync(request, cancellationToken: Cancel));
        Assert.Equal(234008, refused.Code);
    }

    [Fact]
    public async Task A_json_file_is_a_file()
    {
        _platform.OnCall = (c, _) =>
        {
            c.Response.Headers.ContentDisposition = "attachment; filename=\"a.json\"";
            return StubPlatform.Json(c, 200, """{"code":5}""");
        };
        var request = new FeishuRequest(Endpoints.Get with { Answer = FeishuAnswer.Binary }).WithPath("thing_id", "x");
        await using FeishuDownload download = await _platform.Client().DownloadAsync(request, cancellationToken: Cancel);
        Assert.Equal("""{"code":5}""", await new StreamReader(download.Content).ReadToEndAsync(Cancel));
    }

    private sealed record Thing(string MessageId, int Count);
}

using System.Net.Http.Headers;
using System.Text;
using Larkspur.Emulator.State;
using Larkspur.Testing;

namespace Larkspur.Gateway.Tests.Messages;

/// <summary>Images and files on their way to the platform and back.</summary>
public sealed class UploadTests : IAsyncLifetime
{
    /// <summary>One pixel.</summary>
    private static readonly byte[] Png = Convert.FromBase64String("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==");

    private EmulatorApp _emulator = null!;
    private GatewayApp _gateway = null!;

    public async ValueTask InitializeAsync()
    {
        _emulator = await EmulatorApp.StartAsync();
        _gateway = await GatewayApp.StartAsync(_emulator.BaseUrl.ToString());
    }

    public async ValueTask DisposeAsync()
    {
        await _gateway.DisposeAsync();
        await _emulator.DisposeAsync();
    }

    [Fact]
    public async Task An_image_is_uploaded_raw_or_in_a_form_sent_and_downloaded_again()
    {
        var raw = await _gateway.PostRestAsync("/uploads/images", Raw(Png, "image/png"));
        Assert.True(raw.Status == 201, raw.ToString());
        using var form = new MultipartFormDataContent { { new ByteArrayContent(Png), "image", "pixel.png" }, { new StringContent("message"), "image_type" } };
        var inForm = await _gateway.PostRestAsync("/uploads/images", form);
        Assert.True(inForm.Status == 201, inForm.ToString());

        var sent = await _gateway.PostRestAsync("/messages?wait=15", new { to = new { chat_id = SeededCompany.PurchasingChat }, image = raw.Text("image_key") });
        Assert.True(sent.Status == 200 && sent.Text("state") == "sent", sent.ToString());
        var file = await _gateway.GetRestAsync($"/messages/{sent.Id}/resources/{raw.Text("image_key")}");
        Assert.Equal(200, file.Status);
        Assert.Equal(Png, file.Bytes);
        Assert.StartsWith("attachment", file.Headers["Content-Disposition"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_keeps_its_name_and_a_hostile_name_stays_a_name()
    {
        var plain = await _gateway.PostRestAsync("/uploads/files?file_name=" + Uri.EscapeDataString("报价单.pdf"), Raw(Encoding.UTF8.GetBytes("%PDF-1.7"), "application/pdf"));
        Assert.True(plain.Status == 201, plain.ToString());
        Assert.Equal(("报价单.pdf", "file"), (plain.Text("file_name"), plain.Text("send_as")));

        var hostile = await _gateway.PostRestAsync("/uploads/files?file_name=" + Uri.EscapeDataString("../../etc/pass\r\nSet-Cookie: x=\"1\".html"), Raw(Encoding.UTF8.GetBytes("<script>alert(1)</script>"), "text/html"));
        Assert.True(hostile.Status == 201, hostile.ToString());
        Assert.DoesNotContain('/', hostile.Text("file_name")!);
        Assert.DoesNotContain('\n', hostile.Text("file_name")!);
        var sent = await _gateway.PostRestAsync("/messages?wait=15", new { to = new { chat_id = SeededCompany.PurchasingChat }, file = hostile.Text("file_key") });
        Assert.True(sent.Text("state") == "sent", sent.ToString());
        var file = await _gateway.GetRestAsync($"/messages/{sent.Text("message_id")}/resources/{hostile.Text("file_key")}?type=file");
        Assert.Equal((200, "application/octet-stream"), (file.Status, file.Headers["Content-Type"]));
        Assert.DoesNotContain("Set-Cookie", string.Join('\n', file.Headers.Keys), StringComparison.OrdinalIgnoreCase);
        Assert.StartsWith("attachment; filename=\"", file.Headers["Content-Disposition"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_the_platform_would_refuse_never_gets_there()
    {
        var calls = await _gateway.CounterAsync("larkspur_feishu_calls_total", "im.v1.image.create");
        await RefusedAsync("/uploads/images", Raw(Encoding.UTF8.GetBytes("\u0089PNG, almost"), "image/png"), 422, "bad_image");
        await RefusedAsync("/uploads/images", Raw([], "image/png"), 422, "empty_file");
        await RefusedAsync("/uploads/images", Raw(new byte[(10 << 20) + 1], "image/png"), 413, "file_too_large");
        await RefusedAsync("/uploads/images", Raw(new byte[11 << 20], "image/png"), 413, "file_too_large");
        await RefusedAsync("/uploads/images?image_type=poster", Raw(Png, "image/png"), 422, "bad_image_type");
        await RefusedAsync("/uploads/images?app=nobody", Raw(Png, "image/png"), 404, "unknown_app");
        await RefusedAsync("/uploads/files", Raw(Png, "application/octet-stream"), 400, "missing");
        await RefusedAsync("/uploads/files?file_name=a.opus&as=audio", Raw(Png, "application/octet-stream"), 422, "not_opus");
        await RefusedAsync("/uploads/files?file_name=a.mp4&as=media", Raw(Png, "application/octet-stream"), 422, "not_mp4");
        await RefusedAsync("/uploads/files?file_name=a&as=poster", Raw(Png, "application/octet-stream"), 422, "bad_kind");
        using var strange = new MultipartFormDataContent { { new ByteArrayContent(Png), "image", "pixel.png" }, { new StringContent("x"), "colour" } };
        await RefusedAsync("/uploads/images", strange, 400, "unknown_field");
        using var twice = new MultipartFormDataContent { { new ByteArrayContent(Png), "image", "1.png" }, { new ByteArrayContent(Png), "file", "2.png" } };
        await RefusedAsync("/uploads/images", twice, 400, "several_files");
        using var none = new MultipartFormDataContent { { new StringContent("message"), "image_type" } };
        await RefusedAsync("/uploads/images", none, 400, "missing");
        using var broken = new ByteArrayContent(Encoding.ASCII.GetBytes("--x\r\nContent-Disposition: form-data; name=\"image\"\r\n\r\nabc"));
        broken.Headers.TryAddWithoutValidation("Content-Type", "multipart/form-data; boundary=x");
        await RefusedAsync("/uploads/images", broken, 400, "bad_form");
        await _gateway.CountsAsync(calls, "larkspur_feishu_calls_total", "im.v1.image.create");

        async Task RefusedAsync(string path, HttpContent content, int status, string word)
        {
            var answer = await _gateway.PostRestAsync(path, content);
            Assert.True((answer.Status, answer.Error) == (status, word), $"{path}: {answer}");
        }
    }

    private static ByteArrayContent Raw(byte[] bytes, string type) => new(bytes) { Headers = { ContentType = new MediaTypeHeaderValue(type) } };
}

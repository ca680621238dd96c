using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Larkspur.Emulator.Tests.WeCom;

/// <summary>Large files that the platform fetches.</summary>
public sealed class UrlUploadTests : WeComTest
{
    private static readonly byte[] Content = "a file of some size"u8.ToArray();

    protected override TimeProvider Time { get; } = TimeProvider.System;

    private static async Task<WebApplication> FilesAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        app.MapGet("/file", () => Results.Bytes(Content));
        app.MapGet("/moved", () => Results.Redirect("/file"));
        await app.StartAsync();
        return app;
    }

#pragma warning disable CA5351 // The platform's sum is MD5.
    private static object Upload(string url, string? md5 = null, string type = "file") => new { scene = 1, type, filename = "a.bin", url, md5 = md5 ?? Convert.ToHexStringLower(MD5.HashData(Content)) };
#pragma warning restore CA5351

    [Fact]
    public async Task A_file_is_fetched_told_of_and_can_be_sent()
    {
        await using var files = await FilesAsync();
        await using var receiver = await WeComReceiver.StartAsync();
        await ActAsync(new { platform = "wecom", @do = "set_callback", url = receiver.Url });
        await receiver.NextAsync();
        async Task<JsonObject> EndAsync(object upload)
        {
            var begun = await CallAsync("/cgi-bin/media/upload_by_url", upload);
            Assert.True(Code(begun) == 0, begun.ToJsonString());
            var told = await receiver.NextAsync();
            Assert.Equal(("upload_media_job_finish", Text(begun, "jobid")), (told.Element("Event"), told.Element("JobId")));
            return await CallAsync("/cgi-bin/media/get_upload_by_url_result", new { jobid = Text(begun, "jobid") });
        }

        var done = await EndAsync(Upload(files.Urls.Single() + "/file"));
        Assert.Equal((2, 0), (done["status"]!.GetValue<int>(), done["detail"]!["errcode"]!.GetValue<int>()));
        var sent = await SendAsync(new { touser = "alice", msgtype = "file", agentid = Corp.AgentId, file = new { media_id = done["detail"]!["media_id"]!.GetValue<string>() } });
        Assert.Equal(0, Code(sent));
        foreach (var (code, upload) in new (int, object)[] { (301019, Upload(files.Urls.Single() + "/file", new string('0', 32))), (830003, Upload(files.Urls.Single() + "/nothing")), (830003, Upload(files.Urls.Single() + "/moved")), (40004, Upload(files.Urls.Single() + "/file", type: "video")) })
        {
            var failed = await EndAsync(upload);
            Assert.Equal((3, code), (failed["status"]!.GetValue<int>(), failed["detail"]!["errcode"]!.GetValue<int>()));
        }
    }

    [Fact]
    public async Task It_reaches_nothing_but_this_machine_and_refuses_what_it_does_not_know()
    {
        foreach (var url in new[] { "http://192.0.2.1/file", "https://example.com/file", "ftp://127.0.0.1/file", "file:///etc/hosts", "http://user:secret@127.0.0.1/file", "no address" }) Assert.Equal(830001, Code(await CallAsync("/cgi-bin/media/upload_by_url", Upload(url))));
        Assert.Equal(40005, Code(await CallAsync("/cgi-bin/media/upload_by_url", Upload("http://127.0.0.1/x", type: "image"))));
        Assert.Equal(40058, Code(await CallAsync("/cgi-bin/media/upload_by_url", Upload("http://127.0.0.1/x", md5: "short"))));
        Assert.Equal(40058, Code(await CallAsync("/cgi-bin/media/get_upload_by_url_result", new { jobid = "made-up" })));
    }
}

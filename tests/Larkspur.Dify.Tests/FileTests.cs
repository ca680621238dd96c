using System.Text;
using System.Text.Json;
using Larkspur.Dify.OpenAi;
using Microsoft.AspNetCore.Http;

namespace Larkspur.Dify.Tests;

/// <summary>Files of questions: which are taken, how they travel, and what is told of those that do not.</summary>
public sealed class FileTests : IAsyncLifetime
{
    private DifyStub _stub = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _stub = await DifyStub.StartAsync();

    public ValueTask DisposeAsync() => _stub.DisposeAsync();

    [Theory]
    [InlineData("""{}""", "", 0)]
    [InlineData("""{"file_upload":null}""", "", 0)]
    [InlineData("""{"file_upload":{"enabled":false,"allowed_file_types":["image"]}}""", "", 0)]
    [InlineData("""{"file_upload":{"enabled":true,"allowed_file_types":["image"],"allowed_file_upload_methods":["remote_url"]}}""", "", 0)]
    [InlineData("""{"file_upload":{"image":{"enabled":true,"number_limits":3,"transfer_methods":["remote_url","local_file"]}}}""", "Image", 3)]
    [InlineData("""{"file_upload":{"enabled":true,"allowed_file_types":["document","audio"],"number_limits":7}}""", "Document Audio", 7)]
    [InlineData("""{"file_upload":{"enabled":true,"allowed_file_types":["image","document","audio","video"],"number_limits":"x"}}""", "Image Document Audio Video", 3)]
    [InlineData("""{"file_upload":{"enabled":"yes","allowed_file_types":"image"}}""", "", 0)]
    [InlineData("""[]""", "", 0)]
    public async Task What_an_app_takes_is_read_from_its_parameters(string parameters, string kinds, int count)
    {
        _stub.ThenJson(200, parameters);
        var backend = new DifyBackend(_stub.Client());
        var rules = await backend.FileRulesAsync(Cancellation);
        Assert.Equal((kinds, count), (string.Join(' ', rules.Kinds.Keys), rules.MaxCount));
        // Remembered.
        Assert.Same(rules, await backend.FileRulesAsync(Cancellation));
        Assert.Single(_stub.Questions);
    }

    [Fact]
    public async Task Limits_and_own_extensions_are_kept()
    {
        _stub.ThenJson(200, """{"file_upload":{"enabled":true,"allowed_file_types":["image","custom"],"allowed_file_extensions":[".zip"]},"system_parameters":{"image_file_size_limit":2}}""");
        var rules = await new DifyBackend(_stub.Client()).FileRulesAsync(Cancellation);
        Assert.Null(rules.Judge("image/png", "a.PNG", 2 << 20));
        Assert.Equal(FileRefusal.TooLarge, rules.Judge("image/png", "a.png", (2 << 20) + 1));
        Assert.Equal(FileRefusal.Type, rules.Judge("image/heic", "a.heic", 1));
        Assert.Null(rules.Judge("application/zip", "a.zip", 1));
        Assert.Equal(FileRefusal.Type, rules.Judge("application/pdf", "a.pdf", 1));
    }

    [Fact]
    public async Task A_file_that_Dify_refuses_is_told_and_the_question_is_asked_without_it()
    {
        _stub.ThenJson(200, """{"file_upload":{"enabled":true,"allowed_file_types":["image","audio","custom"],"allowed_file_extensions":[".zip"]}}""");
        _stub.ThenJson(413, """{"code":"file_too_large","message":"","status":413}""").ThenJson(415, """{"code":"unsupported_file_type","message":"","status":415}""")
            .ThenJson(201, """{"id":"f1","name":"a.zip","size":3,"extension":"zip","mime_type":"application/zip"}""").ThenEvents(ChatTests.Message("ok"), ChatTests.End);
        var told = await new DifyBackend(_stub.Client()).AskAsync(new("What?", "p") { Files = [File("a.png", "image/png"), File("b.mp3", "audio/mpeg"), File("a.zip", "application/zip")] }, Cancellation).ToListAsync(Cancellation);
        Assert.Equal([new AssistantFileRefused(0, FileRefusal.TooLarge), new AssistantFileRefused(1, FileRefusal.Type)], told.Take(2));
        Assert.Equal("""[{"type":"custom","transfer_method":"local_file","upload_file_id":"f1"}]""", _stub.Questions[^1].Json.GetProperty("files").GetRawText());
    }

    [Fact]
    public async Task A_question_about_files_alone_is_not_asked_without_them()
    {
        _stub.ThenJson(200, """{"file_upload":{"enabled":true,"allowed_file_types":["image"]}}""").ThenJson(415, """{"code":"unsupported_file_type","message":"","status":415}""");
        var refused = await Assert.ThrowsAsync<AssistantException>(() => new DifyBackend(_stub.Client()).AskAsync(new("What is this?", "p") { Files = [File("a.png", "image/png")], IsAboutFiles = true }, Cancellation).ToListAsync(Cancellation).AsTask());
        Assert.Equal(AssistantFailure.Refused, refused.Failure);
        Assert.Equal(["/v1/parameters", "/v1/files/upload"], _stub.Questions.Select(q => q.Path));
    }

    [Fact]
    public async Task A_Dify_that_is_away_does_not_say_what_it_takes()
    {
        _stub.ThenJson(401, """{"code":"unauthorized","message":"","status":401}""");
        Assert.Equal(AssistantFailure.Misconfigured, (await Assert.ThrowsAsync<AssistantException>(() => new DifyBackend(_stub.Client()).FileRulesAsync(Cancellation))).Failure);
    }

    [Fact]
    public async Task A_model_that_sees_gets_pictures_as_data_and_texts_as_text()
    {
        _stub.Then(CompletionAsync);
        var told = await Model(sees: true).AskAsync(new("What?", "p")
        {
            Files = [File("a.png", "image/png"), new("b.csv", "text/csv", new MemoryStream("a,b"u8.ToArray())), new("c.txt", "text/plain", new MemoryStream([0xff, 0xfe, 0x41])), File("d.pdf", "application/pdf")],
        }, Cancellation).ToListAsync(Cancellation);
        Assert.Equal([new AssistantFileRefused(2, FileRefusal.Type), new AssistantFileRefused(3, FileRefusal.Type)], told.OfType<AssistantFileRefused>());
        var content = Assert.Single(_stub.Questions).Json.GetProperty("messages")[0].GetProperty("content");
        Assert.Equal(["text", "image_url"], content.EnumerateArray().Select(c => c.GetProperty("type").GetString()));
        Assert.Matches("^What\\?\n\n<file-([0-9a-f]{12}) name=\"b.csv\">\na,b\n</file-\\1>$", content[0].GetProperty("text").GetString());
        Assert.Equal("data:image/png;base64,AQID", content[1].GetProperty("image_url").GetProperty("url").GetString());
    }

    [Fact]
    public async Task A_model_that_does_not_see_is_asked_in_words_only()
    {
        var model = Model(sees: false);
        Assert.Equal([AssistantFileKind.Document], (await model.FileRulesAsync(Cancellation)).Kinds.Keys);
        _stub.Then(CompletionAsync);
        var told = await model.AskAsync(new("What?", "p") { Files = [File("a.png", "image/png")] }, Cancellation).ToListAsync(Cancellation);
        Assert.Equal(new AssistantFileRefused(0, FileRefusal.Kind), told[0]);
        Assert.Equal(JsonValueKind.String, Assert.Single(_stub.Questions).Json.GetProperty("messages")[0].GetProperty("content").ValueKind);
    }

    [Fact]
    public async Task A_text_of_Chinese_Windows_reaches_the_model_in_its_words()
    {
        _stub.Then(CompletionAsync);
        byte[][] written =
        [
            CodePagesEncodingProvider.Instance.GetEncoding("GB18030")!.GetBytes("姓名,部门\n张三,研发𠮷"), [0xff, 0xfe, .. Encoding.Unicode.GetBytes("会议纪要")], [0xfe, 0xff, .. Encoding.BigEndianUnicode.GetBytes("周报")], [0xef, 0xbb, 0xbf, .. "日志"u8],
            [0xd6, 0xd0, 0], [0xff, 0xfe, 0x00, 0xd8],
        ];
        var told = await Model(sees: false).AskAsync(new("What?", "p") { Files = [.. written.Select(b => new AssistantFile("a.txt", "text/plain", new MemoryStream(b)))] }, Cancellation).ToListAsync(Cancellation);
        Assert.Equal([new AssistantFileRefused(4, FileRefusal.Type), new AssistantFileRefused(5, FileRefusal.Type)], told.OfType<AssistantFileRefused>());
        var text = Assert.Single(_stub.Questions).Json.GetProperty("messages")[0].GetProperty("content").GetString()!;
        Assert.Equal(["姓名,部门\n张三,研发𠮷", "会议纪要", "周报", "日志"], System.Text.RegularExpressions.Regex.Matches(text, ">\n([^<]*)\n</file").Select(m => m.Groups[1].Value));
    }

    private static AssistantFile File(string name, string type) => new(name, type, new MemoryStream([1, 2, 3]));

    private static async Task CompletionAsync(HttpContext http)
    {
        http.Response.ContentType = "text/event-stream";
        await http.Response.Body.WriteAsync(Encoding.UTF8.GetBytes("data: {\"choices\":[{\"delta\":{\"content\":\"ok\"},\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n"));
    }

    private OpenAiBackend Model(bool sees)
    {
        var options = new OpenAiOptions { BaseUrl = _stub.BaseUrl, Model = "m", Sees = sees };
        return new OpenAiBackend(new OpenAiClient(options, DifyClient.CreateHttpClient(), random: new Random(1)), options);
    }
}

using System.Text.Json;
using Microsoft.AspNetCore.Http.Features;

namespace Larkspur.Emulator.Dify;

/// <summary>The service API's endpoints.</summary>
internal sealed class DifyApi(
    IReadOnlyList<DifyApp> apps, DifyConversations conversations, DifyRuns runs, DifyPictures pictures, VirtualClock clock)
{
    public const int MostFiles = 3;
    private const int LargestImage = 10;
    private const int LargestAudio = 50;
    private const int LargestVideo = 100;
    private const int LargestOther = 15;

    private static readonly string[] UploadMethods = ["remote_url", "local_file"];

    private long Now => clock.GetUtcNow().ToUnixTimeSeconds();

    public Task InfoAsync(HttpContext http) => http.Response.WriteAsJsonAsync(new { name = App(http).Name, description = "", tags = Array.Empty<string>(), mode = App(http).Mode, author_name = "Larkspur" });

    public Task ParametersAsync(HttpContext http) => http.Response.WriteAsJsonAsync(new
    {
        opening_statement = "", suggested_questions = Array.Empty<string>(), suggested_questions_after_answer = new { enabled = App(http).Mode == "chat" }, user_input_form = Array.Empty<object>(),
        retriever_resource = new { enabled = true },
        // Members as the product's own pages read them; the reference shows no example (UNVERIFIED: that image.enabled follows allowed_file_types).
        file_upload = new
        {
            enabled = App(http).FileTypes.Count > 0, number_limits = MostFiles, allowed_file_types = App(http).FileTypes, allowed_file_extensions = App(http).FileExtensions, allowed_file_upload_methods = UploadMethods,
            image = new { enabled = App(http).FileTypes.Contains("image"), number_limits = MostFiles, transfer_methods = UploadMethods },
        },
        system_parameters = new { image_file_size_limit = LargestImage, audio_file_size_limit = LargestAudio, video_file_size_limit = LargestVideo, file_size_limit = LargestOther },
    });

    public async Task AskAsync(HttpContext http)
    {
        var app = App(http);
        var body = await DifyInput.BodyAsync(http);
        var user = DifyInput.User(body);
        if (DifyInput.Text(body, "query") is not { Length: > 0 } query) throw DifyRefusal.Invalid("query is required");
        if (!body.TryGetProperty("inputs", out var inputs) || inputs.ValueKind != JsonValueKind.Object) throw DifyRefusal.Invalid("inputs is required");
        var streaming = DifyInput.Text(body, "response_mode") switch
        {
            "streaming" => true,
            "blocking" or null => false,
            _ => throw DifyRefusal.Invalid("response_mode must be streaming or blocking"),
        };
        if (!streaming && app.Mode == "agent-chat") throw DifyRefusal.Invalid("Agent Chat App does not support blocking mode");
        if (!streaming && app.Mode == "agent") throw new DifyRefusal(400, "bad_request", "Agent App only supports streaming response mode.");
        var id = DifyInput.Text(body, "conversation_id");
        if (!string.IsNullOrEmpty(id) && !Guid.TryParse(id, out _)) throw DifyRefusal.Invalid($"{id} is not a valid uuid.");
        var files = DifyInput.Files(body, app, user, conversations);
        if ((app.Fails || app.AlwaysFailsWith is not null) && await DifyFailures.AnswerAsync(http, app.AlwaysFailsWith ?? query)) return;
        var conversation = conversations.Open(app, user, id, Now) ?? throw DifyRefusal.NotFound("Conversation Not Exists.");
        var message = new DifyMessage(Guid.NewGuid().ToString(), conversation.Id, query, Now) { Files = files };
        conversation.Add(message);
        var taskId = Guid.NewGuid().ToString();
        if (!streaming)
        {
            await AnswerAtOnceAsync(http, app, conversation, message, taskId);
            return;
        }

        var stream = new DifyEventStream(http, clock);
        var stop = runs.Begin(taskId, user);
        try
        {
            await stream.BeginAsync();
            var made = DifyAnswers.Pictures(app, conversation.UpTo(message)).Select(name => pictures.AddressOf(http.Request, name));
            await new DifyChatAnswer(app, conversation, message, taskId, runs, stream, clock) { Pictures = [.. made] }.PlayAsync(stop);
        }
        finally
        {
            runs.End(taskId);
        }
    }

    public async Task StopAsync(HttpContext http, string taskId)
    {
        App(http);
        runs.Stop(taskId, DifyInput.User(await DifyInput.BodyAsync(http)));
        await SuccessAsync(http);
    }

    public async Task RateAsync(HttpContext http, string id)
    {
        var app = App(http);
        var body = await DifyInput.BodyAsync(http);
        var message = conversations.Message(app, DifyInput.User(body), id) ?? throw DifyRefusal.NotFound("Message Not Exists.");
        if (!body.TryGetProperty("rating", out var rating) || !(rating.ValueKind == JsonValueKind.Null || rating.ValueEquals("like") || rating.ValueEquals("dislike"))) throw DifyRefusal.Invalid("rating must be like, dislike or null");
        (message.Rating, message.RatingText) = (rating.ValueKind == JsonValueKind.Null ? null : rating.GetString(), DifyInput.Text(body, "content"));
        await SuccessAsync(http);
    }

    public async Task SuggestAsync(HttpContext http, string id)
    {
        var app = App(http);
        var user = DifyInput.User(http);
        if (conversations.Message(app, user, id) is not { } message) throw DifyRefusal.NotFound("Message Not Exists.");
        if (app.Mode != "chat") throw new DifyRefusal(400, "bad_request", "Suggested Questions Is Disabled.");
        await http.Response.WriteAsJsonAsync(new { result = "success", data = DifyAnswers.Suggested(app, conversations.Of(app, user, message.ConversationId)!.UpTo(message)) });
    }

    public async Task ConversationsAsync(HttpContext http)
    {
        var app = App(http);
        var all = conversations.List(app, DifyInput.User(http));
        var last = http.Request.Query["last_id"].ToString();
        var from = last.Length == 0 ? 0 : all.ToList().FindIndex(c => c.Id == last) is >= 0 and var at ? at + 1 : throw DifyRefusal.NotFound("Last Conversation Not Exists.");
        var limit = DifyInput.Limit(http);
        await http.Response.WriteAsJsonAsync(new
        {
            limit, has_more = all.Count > from + limit,
            data = all.Skip(from).Take(limit).Select(c => new { id = c.Id, name = c.Name, inputs = new { }, status = "normal", introduction = "", created_at = c.CreatedAt, updated_at = c.UpdatedAt }),
        });
    }

    public async Task MessagesAsync(HttpContext http)
    {
        var app = App(http);
        var conversation = conversations.Of(app, DifyInput.User(http), http.Request.Query["conversation_id"].ToString()) ?? throw DifyRefusal.NotFound("Conversation Not Exists.");
        var first = http.Request.Query["first_id"].ToString();
        var all = conversation.Messages.ToList();
        var end = first.Length == 0 ? all.Count : all.FindIndex(m => m.Id == first) is >= 0 and var at ? at : throw DifyRefusal.NotFound("First Message Not Exists.");
        var limit = DifyInput.Limit(http);
        var start = Math.Max(0, end - limit);
        await http.Response.WriteAsJsonAsync(new
        {
            limit, has_more = start > 0,
            data = all[start..end].AsEnumerable().Reverse().Select(m => new
            {
                id = m.Id, conversation_id = m.ConversationId, inputs = new { }, query = m.Query, answer = m.Answer, feedback = m.Rating is null ? null : new { rating = m.Rating },
                retriever_resources = Array.Empty<object>(), agent_thoughts = Array.Empty<object>(), message_files = Array.Empty<object>(), status = m.Status, error = (string?)null, created_at = m.CreatedAt,
            }),
        });
    }

    public async Task RenameAsync(HttpContext http, string id)
    {
        var app = App(http);
        var body = await DifyInput.BodyAsync(http);
        var conversation = conversations.Of(app, DifyInput.User(body), id) ?? throw DifyRefusal.NotFound("Conversation Not Exists.");
        conversation.Name = DifyInput.Text(body, "name") ?? (conversation.Messages is [var first, ..] ? first.Query : conversation.Name);
        await http.Response.WriteAsJsonAsync(new { id, name = conversation.Name, inputs = new { }, status = "normal", introduction = "", created_at = conversation.CreatedAt, updated_at = conversation.UpdatedAt });
    }

    public async Task DeleteAsync(HttpContext http, string id)
    {
        var app = App(http);
        if (!conversations.Delete(app, DifyInput.User(await DifyInput.BodyAsync(http)), id)) throw DifyRefusal.NotFound("Conversation Not Exists.");
        http.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    public async Task UploadAsync(HttpContext http)
    {
        var app = App(http);
        if (!http.Request.HasFormContentType) throw new DifyRefusal(400, "no_file_uploaded", "Please upload your file.");
        // A video with its form and a little over, which is refused in Dify's words and not by the server.
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit) limit.MaxRequestBodySize = (LargestVideo + 10L) << 20;
        var form = await http.Request.ReadFormAsync(http.RequestAborted);
        if (form.Files.Count == 0) throw new DifyRefusal(400, "no_file_uploaded", "Please upload your file.");
        if (form.Files.Count > 1) throw new DifyRefusal(400, "too_many_files", "Only one file is allowed.");
        var file = form.Files[0];
        if (string.IsNullOrEmpty(file.FileName)) throw new DifyRefusal(400, "filename_not_exists_error", "The specified filename does not exist.");
        var user = form["user"].ToString() is { Length: > 0 } given ? given : throw DifyRefusal.Invalid("Arg user must be provided.");
        if (file.Length > LargestOf(file.ContentType)) throw new DifyRefusal(413, "file_too_large", "");
        await using var content = file.OpenReadStream();
        var hash = Convert.ToHexStringLower(await System.Security.Cryptography.SHA256.HashDataAsync(content, http.RequestAborted));
        var kept = new DifyUpload(Guid.NewGuid().ToString(), app.Key, user, file.FileName, file.Length, file.ContentType, hash);
        conversations.Keep(kept);
        http.Response.StatusCode = StatusCodes.Status201Created;
        await http.Response.WriteAsJsonAsync(new { id = kept.Id, name = kept.Name, size = kept.Size, extension = Path.GetExtension(kept.Name).TrimStart('.'), mime_type = file.ContentType, created_by = user, created_at = Now });
    }

    public async Task FormAsync(HttpContext http, string token)
    {
        App(http);
        var run = Paused(token);
        await http.Response.WriteAsJsonAsync(DifyForms.Of(run));
    }

    public async Task SubmitAsync(HttpContext http, string token)
    {
        App(http);
        var run = Paused(token);
        var body = await DifyInput.BodyAsync(http);
        DifyInput.User(body);
        if (!body.TryGetProperty("inputs", out var inputs) || inputs.ValueKind != JsonValueKind.Object) throw new DifyRefusal(400, "invalid_form_data", "Missing required inputs: inputs");
        if (DifyInput.Text(body, "action") is not ("yes" or "no")) throw new DifyRefusal(400, "invalid_form_data", "Invalid action");
        (run.Action, run.Note) = (DifyInput.Text(body, "action"), DifyInput.Text(inputs, "note") ?? "");
        await http.Response.WriteAsJsonAsync(new { });
    }

    public async Task ResumeAsync(HttpContext http, string runId)
    {
        var app = App(http);
        var run = runs.ByRun(runId, DifyInput.User(http)) ?? throw DifyRefusal.NotFound("Workflow run not found");
        var stream = new DifyEventStream(http, clock);
        await stream.BeginAsync();
        var answer = new DifyChatAnswer(app, run.Conversation, run.Message, run.TaskId, runs, stream, clock);
        if (run.Action is not null) await answer.GoOnAsync(run);
        else await stream.SendAsync(new { @event = "workflow_paused", task_id = run.TaskId, workflow_run_id = run.RunId, message_id = run.Message.Id, conversation_id = run.Conversation.Id, data = new { } });
    }

    private DifyPausedRun Paused(string token)
    {
        var run = runs.ByToken(token) ?? throw DifyRefusal.NotFound("Form not found");
        if (run.Action is not null) throw new DifyRefusal(412, "human_input_form_submitted", "This form has already been submitted.");
        return run.ExpiresAt <= clock.GetUtcNow() ? throw new DifyRefusal(412, "human_input_form_expired", "This form has expired.") : run;
    }

    private async Task AnswerAtOnceAsync(HttpContext http, DifyApp app, DifyConversation conversation, DifyMessage message, string taskId)
    {
        message.Answer = DifyAnswers.To(app, conversation.UpTo(message));
        await http.Response.WriteAsJsonAsync(new
        {
            @event = "message", task_id = taskId, id = Guid.NewGuid().ToString(), message_id = message.Id, conversation_id = conversation.Id, mode = app.Mode, answer = message.Answer,
            metadata = new { usage = DifyAnswers.Usage(message.Query, message.Answer), retriever_resources = DifyAnswers.Sources(app, conversation.UpTo(message)) }, created_at = Now,
        });
    }

    /// <summary>Bytes. Dify's defaults, in its megabytes of 1024 × 1024.</summary>
    private static long LargestOf(string type) => (long)(type.Split('/')[0] switch { "image" => LargestImage, "audio" => LargestAudio, "video" => LargestVideo, _ => LargestOther }) << 20;

    private DifyApp App(HttpContext http) => DifyInput.App(http, apps);

    private static Task SuccessAsync(HttpContext http) => http.Response.WriteAsJsonAsync(new { result = "success" });
}

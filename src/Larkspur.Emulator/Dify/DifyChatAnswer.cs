namespace Larkspur.Emulator.Dify;

/// <summary>Plays one answer as its app's mode has it. The orders are section 4 of the facts.</summary>
internal sealed class DifyChatAnswer(DifyApp app, DifyConversation conversation, DifyMessage message, string taskId, DifyRuns runs, DifyEventStream stream, VirtualClock clock)
{
    private static readonly string[] PausedNodes = ["4"];
    private static readonly string[] Observations = ["", "{\"left\":12000}"];

    private readonly string _runId = Guid.NewGuid().ToString();
    private readonly string _words = app.Fails ? DifyFailures.WordOf(message.Query) : "";

    /// <summary>Addresses of pictures that come with it.</summary>
    public IReadOnlyList<string> Pictures { get; init; } = [];

    /// <summary>The conversation up to this question.</summary>
    private IReadOnlyList<DifyMessage> Before => conversation.UpTo(message);

    private long Now => clock.GetUtcNow().ToUnixTimeSeconds();

    private bool IsFlow => app.Mode == "advanced-chat";

    public async Task PlayAsync(CancellationToken stop)
    {
        var answer = DifyAnswers.To(app, Before);
        if (IsFlow)
        {
            await stream.SendAsync(Flow("workflow_started", new { id = _runId, workflow_id = "0f0e0d0c-0000-4000-8000-000000000001", inputs = new { }, created_at = Now, reason = "initial" }));
            await NodeAsync("node_started", "llm", "回答", null, null);
        }

        if (app.Mode is "agent-chat" or "agent") await ThinkAsync();
        foreach (var picture in Pictures) await stream.SendAsync(Made(picture));
        if (!await SayAsync(answer, stop)) return;
        if (IsFlow && NeedsPerson(message.Query))
        {
            await AskPersonAsync();
            return;
        }

        // A New Agent app says it all once more.
        if (app.Mode == "agent") await stream.SendAsync(Text("message", answer));
        await EndAsync(answer);
    }

    /// <summary>After the form.</summary>
    public async Task GoOnAsync(DifyPausedRun paused)
    {
        await stream.SendAsync(Flow("workflow_started", new { id = paused.RunId, workflow_id = "0f0e0d0c-0000-4000-8000-000000000001", inputs = new { }, created_at = Now, reason = "resumption" }, paused.RunId));
        await stream.SendAsync(Flow("human_input_form_filled", new { node_id = "4", node_title = "确认", action_id = paused.Action }, paused.RunId));
        var said = paused.Action == "yes" ? "已下单。" : "已取消。";
        if (paused.Note.Length > 0) said += $"备注：{paused.Note}";
        message.Answer += said;
        await stream.SendAsync(Text("message", said));
        await EndAsync(message.Answer);
    }

    /// <returns>False: the answer broke off.</returns>
    private async Task<bool> SayAsync(string answer, CancellationToken stop)
    {
        var pieces = 0;
        try
        {
            await stream.PauseAsync(app.Thinks, stop);
            foreach (var piece in DifyAnswers.Pieces(answer))
            {
                stop.ThrowIfCancellationRequested();
                message.Answer += piece;
                await stream.SendAsync(Text(app.Mode is "agent-chat" or "agent" ? "agent_message" : "message", piece));
                if (++pieces == 2 && app.Fails && await BreakOffAsync()) return false;
                await stream.PauseAsync(app.Pause, stop);
            }

            return true;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Stopped: what was said stands, and the stream ends as a whole answer's.
            if (IsFlow) await stream.SendAsync(Flow("workflow_finished", new { id = _runId, status = "stopped", outputs = new { }, error = (string?)null, total_tokens = 0 }));
            else await stream.SendAsync(MessageEnd(message.Answer));
            return false;
        }
    }

    private async Task<bool> BreakOffAsync()
    {
        message.Status = "error";
        switch (_words)
        {
            case "error":
                await stream.SendAsync(new { @event = "error", status = 500, code = "internal_server_error", message = "Internal Server Error", message_id = message.Id, conversation_id = conversation.Id });
                return true;
            case "drop":
                return true;
            case "node":
                await NodeAsync("node_finished", "llm", "回答", "failed", "The model said no.");
                await stream.SendAsync(Flow("workflow_finished", new { id = _runId, status = "failed", outputs = new { }, error = "The model said no.", total_tokens = 0 }));
                await stream.SendAsync(new { @event = "error", status = 400, code = "invalid_param", message = "The model said no.", message_id = message.Id, conversation_id = conversation.Id });
                return true;
            case "replace":
                message.Answer = "这个问题我无法回答。";
                await stream.SendAsync(new { @event = "message_replace", task_id = taskId, message_id = message.Id, conversation_id = conversation.Id, answer = message.Answer, reason = "output_moderation", created_at = Now });
                message.Status = "normal";
                await EndAsync(message.Answer);
                return true;
            default:
                message.Status = "normal";
                return false;
        }
    }

    private async Task ThinkAsync()
    {
        var id = Guid.NewGuid().ToString();
        foreach (var observation in Observations)
        {
            await stream.SendAsync(new
            {
                @event = "agent_thought", id, task_id = taskId, message_id = message.Id, conversation_id = conversation.Id, position = 1, thought = "", observation, tool = "budget_ledger",
                tool_labels = new { budget_ledger = new { zh_Hans = "预算台账", en_US = "Budget ledger" } }, tool_input = "{\"year\":2026}", message_files = Array.Empty<string>(), created_at = Now,
            });
        }
    }

    private async Task EndAsync(string answer)
    {
        if (IsFlow) await NodeAsync("node_finished", "llm", "回答", "succeeded", null);
        await stream.SendAsync(MessageEnd(answer));
        if (IsFlow) await stream.SendAsync(Flow("workflow_finished", new { id = _runId, workflow_id = "0f0e0d0c-0000-4000-8000-000000000001", status = "succeeded", outputs = new { answer }, error = (string?)null, elapsed_time = 0.4, total_tokens = answer.Length, total_steps = 2, created_at = Now, finished_at = Now }));
    }

    private async Task AskPersonAsync()
    {
        var paused = new DifyPausedRun(Guid.NewGuid().ToString("N"), _runId, conversation.User, conversation, message, taskId, clock.GetUtcNow().AddDays(1));
        runs.Pause(paused);
        await stream.SendAsync(Flow("human_input_required", DifyForms.Of(paused)));
        await stream.SendAsync(Flow("workflow_paused", new { paused_nodes = PausedNodes }));
    }

    private static bool NeedsPerson(string query) => query.Contains("下单", StringComparison.Ordinal) || query.StartsWith("order ", StringComparison.OrdinalIgnoreCase);

    private Task NodeAsync(string name, string type, string title, string? status, string? error) =>
        stream.SendAsync(Flow(name, new { id = Guid.NewGuid().ToString(), node_id = "2", node_type = type, title, index = 2, status, error, inputs = new { }, outputs = new { }, created_at = Now }));

    private object Text(string name, string text) => new { @event = name, task_id = taskId, id = message.Id, message_id = message.Id, conversation_id = conversation.Id, answer = text, created_at = Now };

    private object Made(string address) => new
    {
        @event = "message_file", task_id = taskId, id = Guid.NewGuid().ToString(), message_id = message.Id,
        conversation_id = conversation.Id, type = "image", belongs_to = "assistant", url = address, created_at = Now,
    };

    private object MessageEnd(string answer) => new
    {
        @event = "message_end", task_id = taskId, id = message.Id, message_id = message.Id, conversation_id = conversation.Id, files = Array.Empty<object>(), created_at = Now,
        // New Agent apps never name sources.
        metadata = app.Mode == "agent" ? (object)new { usage = DifyAnswers.Usage(message.Query, answer) } : new { usage = DifyAnswers.Usage(message.Query, answer), retriever_resources = DifyAnswers.Sources(app, Before) },
    };

    private object Flow(string name, object data, string? runId = null) =>
        new { @event = name, task_id = taskId, workflow_run_id = runId ?? _runId, message_id = message.Id, conversation_id = conversation.Id, created_at = Now, data };
}

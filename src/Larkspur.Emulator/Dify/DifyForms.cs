namespace Larkspur.Emulator.Dify;

/// <summary>The one form that the scripted Chatflow asks with.</summary>
internal static class DifyForms
{
    public static object Of(DifyPausedRun run) => new
    {
        form_id = "5f0c1a52-0000-4000-8000-000000000009", form_token = run.Token, node_id = "4", node_title = "确认", form_content = $"**{run.Message.Query}**\n\n要继续吗？",
        inputs = new[] { new { type = "text", output_variable_name = "note", @default = (string?)null } },
        actions = new[] { new { id = "yes", title = "下单", button_style = "primary" }, new { id = "no", title = "取消", button_style = "default" } },
        display_in_ui = true, resolved_default_values = new { }, expiration_time = run.ExpiresAt.ToUnixTimeSeconds(),
    };
}

using Larkspur.Emulator.Control;
using Larkspur.Emulator.Feishu.Tables;

namespace Larkspur.Emulator.Feishu.Control;

/// <summary>The control calls that only Feishu has: its apps, connections, custom bots, templates, documents, tables.</summary>
internal sealed class FeishuControl(
    EmulatorState state, AppsCommand apps, VersionsCommand versions, ConnectionsCommand connections, CustomBotsCommand customBots,
    MessageWait wait, TemplatesCommand templates, ApprovalsCommand approvals, DocumentsCommand documents,
    TablesCommand tables, CurrentTableRules tableRules)
{
    public void Map(ControlRoutes control)
    {
        control.Get("/wait", (_, http) => wait.RunAsync(http.Request.Query, http.RequestAborted));
        control.Post("/apps", (input, _) => apps.Add(input));
        control.Patch("/apps/{appId}", (input, http) => apps.Change(ControlRoutes.Value(http, "appId"), input));
        control.Post("/apps/{appId}/scopes", (input, http) => apps.ChangeScopes(ControlRoutes.Value(http, "appId"), input));
        control.Post("/apps/{appId}/versions", (input, http) => versions.Run(ControlRoutes.Value(http, "appId"), input));
        control.Put("/apps/{appId}/callback", (input, http) =>
            apps.SetCallbackAsync(ControlRoutes.Value(http, "appId"), input, http.RequestAborted));
        control.Get("/connections", (_, _) => connections.List());
        control.Post("/connections", (input, http) => connections.RunAsync(input, http.RequestAborted));
        control.Get("/custom-bots", (_, _) => customBots.List());
        control.Post("/custom-bots", (input, _) => customBots.Add(input));
        control.Patch("/custom-bots/{token}", (input, http) => customBots.Change(ControlRoutes.Value(http, "token"), input));
        control.Delete("/custom-bots/{token}", http => customBots.Remove(ControlRoutes.Value(http, "token")));
        control.Get("/tenant", (_, _) => TenantCommand.Show(state));
        control.Post("/tenant", (input, _) => TenantCommand.Change(state, input));
        control.Post("/guests", (input, _) => GuestsCommand.Put(state, input));
        control.Get("/templates", (_, _) => templates.List());
        control.Post("/templates", (input, _) => templates.Put(input));
        control.Delete("/templates/{id}", http => templates.Remove(ControlRoutes.Value(http, "id")));
        control.Patch("/approvals/{code}", (input, http) => approvals.Change(ControlRoutes.Value(http, "code"), input));
        control.Post("/documents", (input, _) => documents.Put(input));
        control.Patch("/documents/{token}", (input, http) => documents.Change(ControlRoutes.Value(http, "token"), input));
        control.Get("/tables/rules", (_, _) => TableRulesCommand.Show(tableRules));
        control.Post("/tables/rules", (input, _) => TableRulesCommand.Change(tableRules, input));
        control.Post("/tables/{token}/act", (input, http) => tables.Run(ControlRoutes.Value(http, "token"), input));
        control.Post("/tables/{token}/permissions", (input, http) => tables.Permit(ControlRoutes.Value(http, "token"), input));
        control.Post("/tables/{token}/files", (input, http) => tables.AddFile(ControlRoutes.Value(http, "token"), input));
        control.Post("/tokens", (input, _) => apps.UserToken(input));
        control.Delete("/tokens", http => apps.RevokeTokens(http.Request.Query));
    }
}

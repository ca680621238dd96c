using Larkspur.Emulator.Feishu.ApiPipeline;
using Larkspur.Emulator.State.Documents;
using Larkspur.Emulator.State.Tables;

namespace Larkspur.Emulator.Feishu.Tables;

/// <summary>The base, table, view, field or row that a call's path names, when the caller may do what it asks for.</summary>
/// <remarks>An id that does not look like one has a code of its own (1254003 to 1254009), one that fits nothing another (1254040 to
/// 1254044).</remarks>
internal static class TableAccess
{
    /// <summary>A <c>user_id</c> with a user's token, else the <c>app_id</c>.</summary>
    public static string Caller(ApiRequest request) => request.Caller?.UserId ?? request.App.AppId;

    /// <exception cref="ApiRefusedException">1254003, 1254040; 1254302 or 1254304 without the right.</exception>
    public static TableBase Base(EmulatorState state, ApiRequest request, bool write = false)
    {
        var token = request.Path["app_token"];
        if (token.Length is < 10 or > 64 || !token.All(char.IsAsciiLetterOrDigit)) throw request.Refuse(1254003);
        if (state.Base(token) is not { } found || state.Document(token) is not { Deleted: false } document) throw request.Refuse(1254040);
        var right = DocumentRights.Of(state, document, Caller(request));
        return right is "full_access" or "edit" || (right is not null && !write) ? found : throw Denied(request);
    }

    /// <exception cref="ApiRefusedException">As <see cref="Base"/>; 1254004, 1254041.</exception>
    public static (TableBase Base, DataTable Table) Table(EmulatorState state, ApiRequest request, bool write = false)
    {
        var found = Base(state, request, write);
        return (found, Table(request, found));
    }

    public static DataTable Table(ApiRequest request, TableBase found)
    {
        var id = request.Path["table_id"];
        if (!id.StartsWith("tbl", StringComparison.Ordinal)) throw request.Refuse(1254004);
        return found.Table(id) ?? throw request.Refuse(1254041);
    }

    /// <exception cref="ApiRefusedException">1254005, 1254042.</exception>
    public static TableView View(ApiRequest request, DataTable table, string id)
    {
        if (!id.StartsWith("vew", StringComparison.Ordinal)) throw request.Refuse(1254005);
        return table.View(id) ?? throw request.Refuse(1254042);
    }

    /// <exception cref="ApiRefusedException">1254009, 1254044.</exception>
    public static TableField Field(ApiRequest request, DataTable table)
    {
        var id = request.Path["field_id"];
        if (!id.StartsWith("fld", StringComparison.Ordinal)) throw request.Refuse(1254009);
        return table.Field(id) ?? throw request.Refuse(1254044);
    }

    /// <exception cref="ApiRefusedException">1254006, 1254043; 1254302 for a row that is hidden from the caller.</exception>
    public static TableRecord Record(ApiRequest request, TableBase found, DataTable table, string id)
    {
        if (!id.StartsWith("rec", StringComparison.Ordinal)) throw request.Refuse(1254006);
        var record = table.Record(id) ?? throw request.Refuse(1254043);
        return found.Hides(Caller(request), id) ? throw Denied(request) : record;
    }

    public static ApiRefusedException Denied(ApiRequest request) =>
        request.Endpoint.Errors.ContainsKey(1254302) ? request.Refuse(1254302)
        : request.Endpoint.Errors.ContainsKey(1254304) ? request.Refuse(1254304)
        : new ApiRefusedException(403, 1254302, "Permission denied.");
}

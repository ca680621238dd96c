using System.Text.Json.Nodes;
using Larkspur.Emulator.Feishu.ApiPipeline;
using Larkspur.Emulator.Feishu.Tables.Cells;
using Larkspur.Emulator.State.Tables;

namespace Larkspur.Emulator.Feishu.Tables;

/// <summary>What calls for rows have in common: who is meant by ids, how cells are read and shown, how pages are asked for.</summary>
internal static class TableCall
{
    public static RecordPeople People(EmulatorState state, ApiRequest request, string? userIdType = null) =>
        new(state, request.App, userIdType ?? request.QueryText("user_id_type") ?? "open_id");

    public static CellReader Reader(EmulatorState state, ApiRequest request, TableEdit edit)
    {
        var people = People(state, request);
        return new CellReader(state, edit, request.Path["table_id"], people.Find, code => request.Refuse(code));
    }

    public static JsonObject Fields(ApiRequest request, JsonNode? record) =>
        record?["fields"] as JsonObject ?? throw request.Refuse(1254001);

    /// <exception cref="ApiRefusedException">1254011: the page size is not above 0.</exception>
    public static int PageSize(ApiRequest request, int fallback = 20)
    {
        var size = request.QueryInt("page_size", fallback);
        if (size > 0) return size;
        throw request.Endpoint.Errors.ContainsKey(1254011) ? request.Refuse(1254011)
            : new ApiRefusedException(400, 1254011, "Page size must greater than 0.");
    }

    /// <summary>A page of a short list; the token is a place in it.</summary>
    public static JsonObject Page<T>(ApiRequest request, IReadOnlyList<T> all, Func<T, JsonNode?> show)
    {
        PageSize(request);
        var page = Paging.Page(request, all, show, 20);
        if (page["has_more"]!.GetValue<bool>() is false) page.Remove("page_token");
        page["total"] = all.Count;
        return page;
    }
}

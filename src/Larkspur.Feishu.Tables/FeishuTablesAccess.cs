using Larkspur.Feishu.Tables;

namespace Larkspur.Feishu;

/// <summary>The platform's tables (Bitable), as a member of the client: <c>feishu.Tables("bascn…").Table("tbl…")</c>.</summary>
public static class FeishuTablesAccess
{
    extension(FeishuClient feishu)
    {
        /// <summary>
        /// A base, by its token: what follows <c>/base/</c> in its address. Of one in the wiki ask <c>wiki.v2.space.get_node</c> for it.
        /// </summary>
        /// <param name="appToken">The base's token.</param>
        /// <param name="options">How it is read and written; null: as is usual.</param>
        public FeishuBase Tables(string appToken, TableOptions? options = null) => new(feishu, appToken, options ?? new());
    }
}

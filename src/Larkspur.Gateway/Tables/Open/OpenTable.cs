using Larkspur.Feishu.Tables;
using Larkspur.Gateway.Apps.Feishu;
using Larkspur.Gateway.Tables.Bases;

namespace Larkspur.Gateway.Tables.Open;

/// <summary>A table of an open base, with what is known of it.</summary>
/// <param name="Base">The base it is in.</param>
/// <param name="App">By which it is read and written.</param>
/// <param name="Table">The table.</param>
/// <param name="Info">Its id and name.</param>
/// <param name="Fields">Its fields, at most a minute old.</param>
/// <param name="Zone">The base's time zone: a date without a time is midnight there.</param>
internal sealed record OpenTable(BaseRow Base, FeishuApp App, FeishuTable Table, TableInfo Info, TableFields Fields, TimeZoneInfo Zone);

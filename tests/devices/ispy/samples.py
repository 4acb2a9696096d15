"""What the program says, letter by letter, in every generation."""

CATCH_ALL = "iSpy server is running"
CAMERA_11 = "2,3,true,Hof&comma; S\u00fcd,Online,line1\r line2,A&comma; b,-5,true,1,false"
CAMERA_10 = "2,0,false,Gate,Offline,,,-6,false,-1"
CAMERA_9 = "2,4,true,Old,Online,,x,12,false"
MIC_8 = "1,1,true,Door,Online,,inside,true"
MIC_7 = "1,2,false,Cot,Offline,,"

PANEL = (
    r"<table class=\"t\"><tr><td>Alarme</td><td><input type=\"checkbox\" onclick=\""
    r"send_changesetting(2,1,8080,'alerts',this.checked)\" checked=\"checked\" /></td>"
    r"<td><input type=\"checkbox\" disabled=\"disabled\" title=\"Not Subscribed\" onclick=\""
    r"send_changesetting(2,1,8080,'notifyondisconnect',this.checked)\" /></td>"
    r"<input type=\"text\" value=\"180\" onblur=\""
    r"send_changesetting(2,1,8080,'minimuminterval',this.value)\" />"
    r"<input type=\"text\" value=\"a\"><b\" onblur=\""
    r"send_changesetting(2,1,8080,'accessgroups',this.value)\" />"
    r"<input type=\"radio\" onclick=\""
    r"send_changesetting(2,1,8080,'recordoff',this.checked)\" checked=\"checked\" />"
    r"<input onclick=\"send_changesetting(2,1,8080,'recordondetect',this.checked)\" />"
    r"<input onclick=\"send_changesetting(2,1,8080,'recordonalert',this.checked)\" "
    r"checked=\"checked\" /></table>"
)
CONTENT = (
    "1_2024-03-31_01-30-00.mp4|1.18 MB|37.500,0, copy, of 37.5.mp4|1024 Bytes|0.000,"
    "Urlaub, Teil 1.avi|2 KB|100.000"
)
GRAPH_DOT = "1711854900123.46|37.500|12|1_a.mp4,1711854900123|0.412|6|b, 3|.mp4"
GRAPH_COMMA = "1711854900123,46|37.500|12|1_a.mp4,1711854900000,5|0.412|6|b, 3.mp4"
PREVIEW = "1_a.mp4|Front door|12,b, c.mp4|Hof, S\u00fcd|7"
GRABS = 'Tor, "Nord" | x|0|a.jpg,Gate|12|b, c.jpg,|7|d.jpg'
PLANS = (
    '[{oid: 1, name: "Ground, "main" "OK"", refreshTimestamp: 1711848600123.46, '
    'alertTimestamp: 0, width:800, height:600, groups:"staff",'
    "areas:[{oid: 1,ot: 2, x:100,y:120},{oid: 2,ot: 1, x:5,y:6}]},"
    '{oid: 2, name: "Up", refreshTimestamp: 1711848600123,5, alertTimestamp: 7, width:10,'
    ' height:20, groups:"",areas:[]}]'
)
ALERTS = (
    "[{oid:1,alertTimestamp:0,refreshTimestamp:1711848600123.46,last_oid:0,last_otid:0},"
    "{oid:2,alertTimestamp:1711848600124,refreshTimestamp:5,last_oid:3,last_otid:2}]"
)
OLD_PLANS = "1,Ground floor main,800,600|1,camera,100,120_1,microphone,5,6^2,Up_stairs_,10,20|^"
OLD_ALERTS = "1,0,1711848600123,0,0|2,1711848600124,46,1711848600123,46,1,2"
OPTIONS = (
    r'"<option value=\"Gate%2C%20left\">iSpy.Preset</option>'
    r'<option value=\""OK"\">"OK"</option>"'
)
OBJECTS = f"{CAMERA_11}\r\n{CAMERA_10}\r\n{MIC_8}\r\nOK"
CONFIG = (
    "{ot: 2, oid:3, micpairid: -1, port: 8080,online: true,recording: false, width:640,"
    " height:480, talk:true, errorState:true}"
)
DENIED = (
    '{"server":"iSpy","error":"Authentication failed (IP blocked by allow list)",'
    '"errorType":"authentication"}'
)
DENIED_OLD = "//Access this server via http://www.ispyconnect.com\r\ntry{Denied();} catch(e){}"
